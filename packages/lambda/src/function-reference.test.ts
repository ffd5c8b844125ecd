import { isServiceError } from "@tripline/kernel";
import { expect, it } from "vitest";
import { parseFunctionReference } from "./function-reference.ts";

it.each([
  ["orders", { functionName: "orders" }],
  ["orders:live", { functionName: "orders", qualifier: "live" }],
  ["orders:$LATEST", { functionName: "orders", qualifier: "$LATEST" }],
  ["function:orders", { functionName: "orders" }],
  ["123456789012:function:orders:7", { functionName: "orders", qualifier: "7" }],
  ["123456789012:orders", { functionName: "orders" }],
  ["arn:aws:lambda:eu-west-1:123456789012:function:orders", { functionName: "orders" }],
  ["arn:aws:lambda:eu-west-1:123456789012:function:orders:live", { functionName: "orders", qualifier: "live" }],
])("parseFunctionReference takes %s apart", (text, expected) => {
  expect(parseFunctionReference(text)).toEqual(expected);
});

it("parseFunctionReference refuses a qualifier that differs from the one in the name", () => {
  expect(parseFunctionReference("orders:live", "live")).toEqual({ functionName: "orders", qualifier: "live" });
  expect(() => parseFunctionReference("orders:live", "7")).toThrow(
    "The derived qualifier from the function name does not match the specified qualifier.",
  );
});

it("parseFunctionReference refuses what is no name with InvalidParameterValueException", () => {
  try {
    parseFunctionReference("no such name");
    expect.unreachable();
  } catch (error) {
    expect(isServiceError(error) && [error.code, error.status]).toEqual(["InvalidParameterValueException", 400]);
  }
});
