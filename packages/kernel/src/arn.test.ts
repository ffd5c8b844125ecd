import { expect, it } from "vitest";
import { defaultScope, parseArn, toArn, toBucketArn } from "./arn.ts";

it("parseArn takes an ARN apart, colons in its resource included", () => {
  expect(parseArn("arn:aws:lambda:us-east-1:000000000000:function:orders:live")).toEqual({
    partition: "aws",
    service: "lambda",
    region: "us-east-1",
    accountId: "000000000000",
    resource: "function:orders:live",
  });
  expect(parseArn(toBucketArn("uploads"))).toEqual({
    partition: "aws",
    service: "s3",
    region: "",
    accountId: "",
    resource: "uploads",
  });
});

it("parseArn returns undefined for what is none", () => {
  for (const text of ["", "orders", "arn:aws:sqs", "arn:aws:sqs:us-east-1:000000000000:"])
    expect(parseArn(text)).toBeUndefined();
});

it("toArn names the scope's region and account", () => {
  expect(toArn(defaultScope, "sqs", "Orders")).toBe("arn:aws:sqs:us-east-1:000000000000:Orders");
});
