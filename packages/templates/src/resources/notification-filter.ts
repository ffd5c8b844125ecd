import { list, object } from "../shapes/collections.ts";
import { text } from "../shapes/scalars.ts";
import { optional, required, type Shape } from "../shapes/shape.ts";

const rules = list(object({ Name: required(text("suffix")), Value: required(text(".csv")) }));
const filter = object({ S3Key: optional(object({ Rules: optional(rules) })) });

/** A notification's `Filter`, as a template writes it, read as its rules. S3 checks the names. */
export const notificationFilter: Shape<readonly { Name: string; Value: string }[]> = {
  noun: filter.noun,
  example: "{ S3Key: { Rules: [{ Name: suffix, Value: .csv }] } }",
  read(node, path, context) {
    const { S3Key } = filter.read(node, path, context);
    return (S3Key?.Rules ?? []).map(({ Name, Value }) => ({ Name: Name.toLowerCase(), Value }));
  },
};
