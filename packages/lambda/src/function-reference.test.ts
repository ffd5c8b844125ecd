import { defaultScope, isServiceError } from "@tripline/kernel";
import { expect, it } from "vitest";
import { parseFunctionReference, requireRegion } from "./function-reference.ts";

const elsewhere = { region: "eu-west-1", accountId: "123456789012" };

it.each([
  ["orders", { functionName: "orders" }],
  ["orders:live", { functionName: "orders", qualifier: "live" }],
  ["orders:$LATEST", { functionName: "orders", qualifier: "$LATEST" }],
  ["function:orders", { functionName: "orders" }],
  ["123456789012:function:orders:7", { functionName: "orders", qualifier: "7", accountId: "123456789012" }],
  ["123456789012:orders", { functionName: "orders", accountId: "123456789012" }],
  ["arn:aws:lambda:eu-west-1:123456789012:function:orders", { functionName: "orders", ...elsewhere }],
  [
    "arn:aws:lambda:eu-west-1:123456789012:function:orders:live",
    { functionName: "orders", qualifier: "live", ...elsewhere },
  ],
])("parseFunctionReference takes %s apart", (text, expected) => {
  expect(parseFunctionReference(text)).toEqual(expected);
});

it("parseFunctionReference refuses a qualifier that differs from the one in the name", () => {
  expect(parseFunctionReference("orders:live", "live")).toEqual({ functionName: "orders", qualifier: "live" });
  expect(() => parseFunctionReference("orders:live", "7")).toThrow(
    "The derived qualifier from the function name does not match the specified qualifier.",
  );
});

it.each([
  "my-function!",
  "*",
  "invalid-account:function:my-function",
  "arn:aws:lambda:invalid-region:000000000000:function:my-function",
  "arn:aws:ec2:us-east-1:000000000000:instance:i-1234567890abcdef0",
  "arn:aws:lambda:us-east-1:000000000000:function:my-function:1:2",
  "function:my-function:$LATEST:extra",
  "arn:aws:lambda::000000000000:function:my-function",
  "arn:aws:lambda:us-east-1::function:my-function",
  "arn:aws:lambda:us-east-1:000000000000:function:my-function:$LATES",
])("parseFunctionReference refuses %s as the API's model does", (text) => {
  expect(refusal(() => parseFunctionReference(text))).toEqual([
    "ValidationException",
    `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`,
  ]);
});

it("parseFunctionReference refuses a qualifier that is too long or no qualifier", () => {
  const long = "a".repeat(129);
  expect(refusal(() => parseFunctionReference("f", long))).toEqual([
    "ValidationException",
    `1 validation error detected: Value '${long}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128`,
  ]);
  expect(refusal(() => parseFunctionReference("f", "invalid!"))).toEqual([
    "ValidationException",
    "1 validation error detected: Value 'invalid!' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
  ]);
});

it("requireRegion refuses another region and another account", () => {
  expect(refusal(() => requireRegion("arn:aws:lambda:ap-southeast-1:000000000000:function:f", defaultScope))).toEqual([
    "ResourceNotFoundException",
    "Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')",
  ]);
  expect(refusal(() => requireRegion("123456789012:function:f", defaultScope))).toEqual([
    "AccessDeniedException",
    expect.any(String),
  ]);
  expect(requireRegion("000000000000:function:f", defaultScope).functionName).toBe("f");
});

function refusal(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (isServiceError(error)) return [error.code, error.message];
    throw error;
  }
  return "no error";
}
