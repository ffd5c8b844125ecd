import { defaultScope } from "@tripline/kernel";
import type { TemplatePlan } from "@tripline/templates";
import { expect, it } from "vitest";
import { withLocalUrls } from "./local-urls.ts";

it("queue URLs of this account and region lead here, wherever they stand; others stay", () => {
  const call = (input: Record<string, unknown>): TemplatePlan => ({
    file: "template.yaml",
    stackName: "app",
    resources: [
      {
        logicalId: "F",
        type: "AWS::Lambda::Function",
        line: 1,
        physicalId: "F",
        calls: [{ service: "lambda", operation: "CreateFunction", input }],
        removal: [],
      },
    ],
    outputs: [],
    unsupported: [],
    withoutLocalEffect: [],
    metadata: {},
  });
  const url = "https://sqs.us-east-1.amazonaws.com/000000000000/Orders";
  const other = "https://sqs.us-east-1.amazonaws.com/111111111111/Orders";
  expect(
    withLocalUrls(
      call({ Environment: { Variables: { A: url, B: other, C: `x ${url}` } }, List: [url, 1, null] }),
      defaultScope,
      "http://127.0.0.1:9",
    ).resources[0]?.calls[0]?.input,
  ).toEqual({
    Environment: {
      Variables: {
        A: "http://127.0.0.1:9/000000000000/Orders",
        B: other,
        C: "x http://127.0.0.1:9/000000000000/Orders",
      },
    },
    List: ["http://127.0.0.1:9/000000000000/Orders", 1, null],
  });
});

it("URLs of functions lead to this port, under a host that means this machine", () => {
  const id = "a1".repeat(16);
  const plan: TemplatePlan = {
    file: "template.yaml",
    stackName: "app",
    resources: [],
    outputs: [{ name: "Url", value: `https://${id}.lambda-url.us-east-1.on.aws/x` }],
    unsupported: [],
    withoutLocalEffect: [],
    metadata: {},
  };
  expect(withLocalUrls(plan, defaultScope, "http://127.0.0.1:9").outputs).toEqual([
    { name: "Url", value: `http://${id}.lambda-url.us-east-1.localhost:9/x` },
  ]);
});
