import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { readMembers, readObject, type ReadObjectInput } from "./read-object.ts";
import { readRefused } from "./refused-members.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObjectOperation(house: S3House): Operation<ReadObjectInput, Record<string, unknown>> {
  return {
    name: "HeadObject",
    honoured: readMembers,
    refused: readRefused,
    run: async (input) => (await readObject(house, input, "HEAD")).output,
  };
}
