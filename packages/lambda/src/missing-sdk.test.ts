import { expect, it } from "vitest";
import { missingSdkNotice } from "./missing-sdk.ts";

it.each([
  ["Cannot find package '@aws-sdk/client-s3' imported from /app/index.mjs", "@aws-sdk/client-s3"],
  ["Error: Cannot find module '@aws-sdk/lib-dynamodb'\nRequire stack:\n- /app/index.js", "@aws-sdk/lib-dynamodb"],
  ["Error: Cannot find module 'aws-sdk/clients/s3'", "aws-sdk"],
])("missingSdkNotice says what to install where %j", (errorMessage, name) => {
  expect(missingSdkNotice({ errorMessage })).toBe(
    `Lambda's Node.js runtimes bring the AWS SDK, this machine does not: run npm install ${name} where the function's code is, or above it.`,
  );
});

it("missingSdkNotice says nothing of other errors", () => {
  expect([missingSdkNotice({ errorMessage: "Cannot find module 'left-pad'" }), missingSdkNotice({})]).toEqual([
    undefined,
    undefined,
  ]);
});
