/** Members by which an operation names its stream. */
import type { StreamAddress } from "../stream-registry.ts";

export type { StreamAddress };
export const addressHonoured: readonly string[] = ["StreamName", "StreamARN"];
export const streamIdRefused: Readonly<Record<string, string>> = {
  StreamId: "streams are named by name or ARN here",
};
/** Of operations on records. */
export const recordsRefused: Readonly<Record<string, string>> = {
  ...streamIdRefused,
  DryRun: "permissions are not evaluated on Kinesis here, so there is nothing to try",
};
