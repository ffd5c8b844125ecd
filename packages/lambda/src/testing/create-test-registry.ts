import { type Clock, createRng, type DocumentStore, type Scope } from "@tripline/kernel";
import { FunctionRegistry } from "../function-registry.ts";

/** Functions that are there and are not run. */
export interface TestRegistry {
  registry: FunctionRegistry;
  create(functionName: string): Promise<void>;
}

const nowhere = { folderOf: (sha256: string) => `/store/${sha256}`, optFolderOf: () => undefined };

/** A registry without functions. */
export function createTestRegistry(options: { clock: Clock; documents: DocumentStore; scope: Scope }): TestRegistry {
  const registry = new FunctionRegistry({ ...options, rng: createRng("lambda"), code: nowhere });
  return {
    registry,
    async create(functionName) {
      await registry.save({
        functionName,
        functionArn: registry.toArn(functionName),
        runtime: "nodejs22.x",
        handler: "index.handler",
        code: { kind: "folder", folder: "/code" },
        layers: [],
        tracingMode: "PassThrough",
        state: "Active",
        lastUpdateStatus: "Successful",
        description: "",
        role: "arn:aws:iam::000000000000:role/r",
        memoryMegabytes: 128,
        timeoutSeconds: 3,
        ephemeralStorageMegabytes: 512,
        environment: {},
        architecture: "x86_64",
        logFormat: "Text",
        logGroup: `/aws/lambda/${functionName}`,
      });
    },
  };
}
