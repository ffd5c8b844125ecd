import type { ServiceError } from "@tripline/kernel";
import { expect, test } from "vitest";
import { startEndpoint } from "../testing/endpoint-fixture.ts";
import { checkPresignedExpiry } from "./presigned-expiry.ts";

const signedMs = Date.UTC(2026, 0, 1, 12);
const query = (expires: string, date = "20260101T120000Z"): string =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${date}&X-Amz-Expires=${expires}&X-Amz-Signature=0`;

function refusal(text: string, nowMs: number): unknown {
  try {
    checkPresignedExpiry(text, nowMs);
    return undefined;
  } catch (error) {
    const { code, status, message, members } = error as ServiceError;
    return [status, code, message, members];
  }
}

test("a presigned URL holds until its last second, and then has expired", () => {
  expect(refusal(query("60"), signedMs + 60_000)).toBeUndefined();
  expect(refusal(query("60"), signedMs - 3_600_000)).toBeUndefined();
  expect(refusal(query("60"), signedMs + 60_001)).toEqual([
    403,
    "AccessDenied",
    "Request has expired",
    { "X-Amz-Expires": "60", Expires: "2026-01-01T12:01:00Z", ServerTime: "2026-01-01T12:01:00Z" },
  ]);
  const older = `AWSAccessKeyId=AKID&Expires=${signedMs / 1000}&Signature=s`;
  expect(refusal(older, signedMs)).toBeUndefined();
  expect(refusal(older, signedMs + 1000)).toEqual([
    403,
    "AccessDenied",
    "Request has expired",
    { Expires: "2026-01-01T12:00:00Z", ServerTime: "2026-01-01T12:00:01Z" },
  ]);
});

test("a presigned URL that lasts longer than a week, or says no time, is refused", () => {
  expect(refusal(query("604801"), signedMs)).toEqual([
    400,
    "AuthorizationQueryParametersError",
    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    {},
  ]);
  const code = "AuthorizationQueryParametersError";
  expect(refusal(query("soon"), signedMs)).toEqual([400, code, "X-Amz-Expires should be a number", {}]);
  expect(refusal(query("-1"), signedMs)).toEqual([400, code, "X-Amz-Expires must be non-negative", {}]);
  const format = `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`;
  expect(refusal(query("60", "today"), signedMs)).toEqual([400, code, format, {}]);
  expect(refusal("Expires=1", signedMs)).toBeUndefined(); // no signature: an ordinary parameter
});

test("the endpoint checks presigned URLs on the simulated clock", async () => {
  await using wire = await startEndpoint({
    "s3.GetObject": { honoured: ["Bucket", "Key"], answer: () => ({}) },
  });
  const date = new Date(wire.clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const url = `${wire.url}/photos/a?${query("60", date)}&X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fs3%2Faws4_request`;
  expect((await fetch(url)).status).toBe(200);
  await wire.clock.advance(61_000);
  const late = await fetch(url);
  expect([late.status, /<Message>(.*)<\/Message>/.exec(await late.text())?.[1]]).toEqual([403, "Request has expired"]);
});
