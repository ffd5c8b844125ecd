import type { Operation } from "@tripline/kernel";
import { codeFacts } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { limits } from "../limits.ts";

/** Quotas, and what of them is used: each version's code counts, and each layer version's. https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export function getAccountSettingsOperation(house: LambdaHouse): Operation<object> {
  const { registry, layers, accountConcurrency } = house;
  return {
    name: "GetAccountSettings",
    honoured: [],
    async run() {
      const functions = registry.list();
      const versions = functions.flatMap((one) => [one, ...registry.versions(one.functionName)]);
      const sizes = await Promise.all(versions.map(async ({ code }) => (await codeFacts(code)).sizeBytes));
      const reserved = functions.reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0);
      const layerBytes = layers.all().reduce((sum, one) => sum + one.content.sizeBytes, 0);
      return {
        AccountLimit: {
          TotalCodeSize: limits.totalCodeBytesMax,
          CodeSizeUnzipped: limits.unpackedCodeBytesMax,
          CodeSizeZipped: limits.zippedCodeBytesMax,
          ConcurrentExecutions: accountConcurrency,
          UnreservedConcurrentExecutions: accountConcurrency - reserved,
        },
        AccountUsage: {
          TotalCodeSize: sizes.reduce((sum, bytes) => sum + bytes, layerBytes),
          FunctionCount: functions.length,
        },
      };
    },
  };
}
