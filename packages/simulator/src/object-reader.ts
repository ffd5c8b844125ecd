import { type CallContext, findOperation, type Rng, type Service, ServiceError } from "@tripline/kernel";
import type { ReadObject } from "@tripline/lambda";
import { call } from "./helpers/call.ts";

/** Lets Lambda read archives of code in S3, through the operation that everyone calls. */
export function createObjectReader(service: Service, rng: Rng): ReadObject {
  return async ({ bucket, key, versionId }) => {
    const input = { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
    const honoured = (await findOperation(service, "GetObject"))?.honoured ?? [];
    for (const member of Object.keys(input)) {
      if (honoured.includes(member)) continue;
      throw new ServiceError("NotImplemented", `GetObject of s3 does not honour ${member}.`, { status: 501 });
    }
    const context: CallContext = {
      requestId: rng.uuid(),
      endpoint: "http://127.0.0.1:4566",
      sourceIp: "lambda.amazonaws.com",
      signal: new AbortController().signal,
      headers: {},
    };
    const { Body } = await call<{ Body: Uint8Array | AsyncIterable<Uint8Array> }>(service, "GetObject", input, context);
    if (Body instanceof Uint8Array) return Body;
    const pieces: Uint8Array[] = [];
    for await (const piece of Body) pieces.push(piece);
    return Buffer.concat(pieces);
  };
}
