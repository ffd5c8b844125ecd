/** Opaque tokens (shard iterators, pages): text that only this simulator makes, told from any other by a check sum. */
import { createHash } from "node:crypto";

const checkBytes = 8;

/** `fields` in one token. */
export function toToken(kind: string, fields: readonly (string | number)[]): string {
  const body = Buffer.from(JSON.stringify([kind, ...fields]));
  return Buffer.concat([check(body), body]).toString("base64");
}

/** The fields of a token of that kind; undefined where it is none. */
export function parseToken(kind: string, token: string): (string | number)[] | undefined {
  const bytes = Buffer.from(token, "base64");
  const body = bytes.subarray(checkBytes);
  if (body.length === 0 || !check(body).equals(bytes.subarray(0, checkBytes))) return undefined;
  const [itsKind, ...fields] = JSON.parse(body.toString()) as (string | number)[];
  return itsKind === kind ? fields : undefined;
}

function check(body: Uint8Array): Buffer {
  return createHash("sha256").update("tripline").update(body).digest().subarray(0, checkBytes);
}
