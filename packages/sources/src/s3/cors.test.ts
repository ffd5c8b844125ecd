import { isServiceError } from "@tripline/kernel";
import { expect, it } from "vitest";
import { answerCrossOrigin, parseCors } from "./cors.ts";

const rules = parseCors([
  {
    AllowedOrigins: ["https://*.example.com"],
    AllowedMethods: ["PUT", "GET"],
    AllowedHeaders: ["x-amz-*", "Content-Type"],
    ExposeHeaders: ["ETag"],
    MaxAgeSeconds: 60,
  },
  { AllowedOrigins: ["*"], AllowedMethods: ["GET"] },
]);
const vary = ["vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"];

it.each([
  [
    { origin: "https://app.example.com", method: "PUT", requestHeaders: ["content-type", "x-amz-meta-a"] },
    [
      "access-control-allow-origin",
      "https://app.example.com",
      "access-control-allow-methods",
      "PUT, GET",
      ...vary,
      "access-control-allow-credentials",
      "true",
      "access-control-allow-headers",
      "content-type, x-amz-meta-a",
      "access-control-expose-headers",
      "ETag",
      "access-control-max-age",
      "60",
    ],
  ],
  [
    { origin: "https://elsewhere.org", method: "GET" },
    ["access-control-allow-origin", "*", "access-control-allow-methods", "GET", ...vary],
  ],
  [{ origin: "https://elsewhere.org", method: "DELETE" }, []],
])("a request %j is told %j", (request, headers) => {
  expect(answerCrossOrigin(rules, { resource: "photos", ...request })).toEqual(headers);
});

it.each([
  [rules, ["authorization"], /^CORSResponse: This CORS request is not allowed\./],
  [[], [], /^CORSResponse: CORS is not enabled for this bucket\.$/],
])("a preflight that no rule fits is AccessForbidden", (own, requestHeaders, message) => {
  try {
    answerCrossOrigin(own, { origin: "https://a.example.com", method: "PUT", requestHeaders, resource: "photos" });
    expect.unreachable();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    expect([error.code, error.status, error.message]).toEqual(["AccessForbidden", 403, expect.stringMatching(message)]);
  }
});

it.each([
  [[], "MalformedXML"],
  [[{ AllowedMethods: ["PATCH"], AllowedOrigins: ["*"] }], "InvalidRequest"],
  [[{ AllowedMethods: ["GET"], AllowedOrigins: ["*.*"] }], "InvalidRequest"],
  [[{ AllowedMethods: ["GET"] }], "MalformedXML"],
])("PutBucketCors refuses %j with %s", (given, code) => {
  expect(() => parseCors(given)).toThrow(expect.objectContaining({ code }));
});
