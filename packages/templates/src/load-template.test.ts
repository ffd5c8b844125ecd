import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultScope } from "@tripline/kernel";
import { loadTemplate } from "./index.ts";

const shop = join(import.meta.dirname, "../../../fixtures/apps/shop");

it("loadTemplate plans the shop in dependency order", () => {
  const plan = loadTemplate({ path: shop, scope: defaultScope });
  expect(
    plan.resources.map(({ logicalId, line, calls }) => [logicalId, line, calls.map((call) => call.operation)]),
  ).toEqual([
    ["FailedOrders", 53, ["CreateQueue"]],
    ["Orders", 45, ["CreateQueue"]],
    ["TakeOrder", 29, ["CreateFunction"]],
    ["ShopApi", 21, ["CreateApi", "CreateIntegration", "CreateRoute", "CreateStage"]],
    ["Receipts", 72, ["CreateBucket"]],
    ["Fulfil", 56, ["CreateFunction"]],
    ["FulfilOrders", 65, ["CreateEventSourceMapping"]],
    ["Uploads", 75, ["CreateBucket"]],
    ["ImportCatalog", 78, ["CreateFunction"]],
    ["Report", 95, ["CreateFunction"]],
    ["ReportNightly", 102, ["PutRule", "PutTargets"]],
    ["UploadsNotifications", 75, ["PutBucketNotificationConfiguration"]],
  ]);
  expect({ ...plan, resources: [], metadata: {} }).toEqual({
    file: join(shop, "template.yaml"),
    stackName: "shop",
    resources: [],
    outputs: [
      {
        name: "OrdersUrl",
        value: `https://${plan.resources[3]?.physicalId}.execute-api.us-east-1.amazonaws.com/orders`,
        description: "Where orders are posted",
      },
    ],
    unsupported: [],
    withoutLocalEffect: [],
    metadata: {},
  });
});
