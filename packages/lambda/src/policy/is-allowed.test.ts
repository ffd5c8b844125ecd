import { expect, it } from "vitest";
import { isAllowed, type PolicyRequest } from "./is-allowed.ts";
import type { PolicyStatement } from "./policy-statement.ts";

const resource = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const api = "arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/a/b:c";
const request: PolicyRequest = {
  principal: { service: "apigateway.amazonaws.com" },
  action: "lambda:InvokeFunction",
  resource,
  keys: { "aws:sourcearn": api, "aws:sourceaccount": "000000000000" },
};
const statement: PolicyStatement = {
  Sid: "s",
  Effect: "Allow",
  Principal: { Service: "apigateway.amazonaws.com" },
  Action: "lambda:InvokeFunction",
  Resource: resource,
};
const arnLike = (pattern: string): Partial<PolicyStatement> => ({
  Condition: { ArnLike: { "AWS:SourceArn": pattern } },
});

it.each<[string, Partial<PolicyStatement>, boolean]>([
  ["its principal, action and resource", {}, true],
  ["everyone", { Principal: "*" }, true],
  ["another service", { Principal: { Service: "s3.amazonaws.com" } }, false],
  ["an account", { Principal: { AWS: "arn:aws:iam::000000000000:root" } }, false],
  ["every action of Lambda", { Action: "lambda:*" }, true],
  ["another action", { Action: "lambda:GetFunction" }, false],
  ["another function", { Resource: `${resource}2` }, false],
  ["an alias of the function", { Resource: `${resource}:live` }, false],
  ["the very ARN", arnLike(api), true],
  ["any stage and method", arnLike("arn:aws:execute-api:us-east-1:000000000000:abc/*/*/a/*"), true],
  ["one character for ?", arnLike("arn:aws:execute-api:us-east-?:000000000000:abc/prod/*"), true],
  ["another path", arnLike("arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/b/*"), false],
  ["a wildcard that would have to span parts of the ARN", arnLike("arn:aws:execute-api:*:abc/prod/GET/a/b:c"), false],
  ["dots as dots", arnLike("arn:aws:execute.api:us-east-1:000000000000:*"), false],
  ["its account", { Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } } }, true],
  ["another account", { Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } } }, false],
  ["a key that the request does not have", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }, false],
  [
    "one condition of two that does not hold",
    { Condition: { ArnLike: { "AWS:SourceArn": api }, StringEquals: { "AWS:SourceAccount": "1" } } },
    false,
  ],
  ["an operator that is not known", { Condition: { BinaryEquals: { "aws:SourceAccount": "000000000000" } } }, false],
])("a statement about %s decides", (_what, change, isIn) => {
  expect(isAllowed([{ ...statement, ...change }], request)).toBe(isIn);
});

it("callers without credentials are let in where everyone is, and an account where it is named", () => {
  const keys = { "lambda:functionurlauthtype": "NONE", "lambda:invokedviafunctionurl": "true" };
  const open = {
    ...statement,
    Principal: "*" as const,
    Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "True" } },
  };
  expect(isAllowed([open], { ...request, principal: "anonymous", keys })).toBe(true);
  expect(isAllowed([statement], { ...request, principal: "anonymous", keys })).toBe(false);
  const account = { ...statement, Principal: { AWS: "arn:aws:iam::111111111111:root" } };
  expect(isAllowed([account], { ...request, principal: { account: "111111111111" } })).toBe(true);
  expect(isAllowed([account], { ...request, principal: { account: "222222222222" } })).toBe(false);
});
