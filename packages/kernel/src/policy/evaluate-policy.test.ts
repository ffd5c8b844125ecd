import { expect, it } from "vitest";
import { evaluatePolicy, PolicyError, type PolicyRequest } from "./evaluate-policy.ts";

const resource = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/a";
const request: PolicyRequest = {
  action: "execute-api:Invoke",
  resource,
  conditions: { "aws:sourceip": "192.0.2.7", "aws:sourcearn": "arn:aws:s3:::a/b:c" },
};
const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:*", Resource: "*" };
const decide = (...statements: object[]): string => evaluatePolicy({ Statement: statements }, request);
const when = (Condition: object): string => decide({ ...allow, Condition });

it("a Deny outranks what allows; what nothing allows is denied, implicitly", () => {
  expect(decide(allow)).toBe("allow");
  expect(decide(allow, { ...allow, Effect: "Deny" })).toBe("explicit-deny");
  expect(decide({ ...allow, Action: "s3:*" })).toBe("implicit-deny");
  expect(decide({ ...allow, Resource: "arn:aws:execute-api:*:abc/dev/*" })).toBe("allow");
  expect(decide({ ...allow, NotResource: resource, Resource: undefined })).toBe("implicit-deny");
});

it("principals are everyone, services or accounts", () => {
  const as = (Principal: unknown, principal: PolicyRequest["principal"]): string =>
    evaluatePolicy(
      { Statement: [{ ...allow, Principal }] },
      { ...request, ...(principal === undefined ? {} : { principal }) },
    );
  expect(as({ AWS: "*" }, undefined)).toBe("allow");
  expect(as({ AWS: "111111111111" }, undefined)).toBe("implicit-deny");
  expect(as({ AWS: ["arn:aws:iam::111111111111:root"] }, { account: "111111111111" })).toBe("allow");
  expect(as({ Service: "s3.amazonaws.com" }, { service: "s3.amazonaws.com" })).toBe("allow");
  expect(as({ Service: "s3.amazonaws.com" }, { account: "111111111111" })).toBe("implicit-deny");
});

it.each([
  [{ IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } }, "allow"],
  [{ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }, "implicit-deny"],
  [{ arnlike: { "AWS:SourceArn": "arn:aws:s3:::a/*" } }, "allow"],
  [{ ArnLike: { "aws:SourceArn": "arn:aws:*:c" } }, "implicit-deny"],
  [{ StringEquals: { "aws:UserAgent": "x" } }, "implicit-deny"],
  [{ StringEqualsIfExists: { "aws:UserAgent": "x" } }, "allow"],
  [{ StringNotEquals: { "aws:UserAgent": "x" } }, "allow"],
  [{ Null: { "aws:UserAgent": "true" } }, "allow"],
])("the condition %j: %s", (condition, decision) => {
  expect(when(condition)).toBe(decision);
});

it("what is not known is an error", () => {
  expect(() => when({ BinaryEquals: { "aws:SourceIp": "x" } })).toThrow(PolicyError);
  expect(() => evaluatePolicy({}, request)).toThrow(PolicyError);
});
