import { hash } from "node:crypto";

/** The hash key of a partition key: its MD5, as a number. */
export function toHashKey(partitionKey: string): bigint {
  return BigInt(`0x${hash("md5", partitionKey, "hex")}`);
}
