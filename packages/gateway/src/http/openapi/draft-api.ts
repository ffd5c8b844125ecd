import type { CallContext, DocumentStore, Operation } from "@tripline/kernel";
import { ApiStore } from "../../api-store.ts";
import { notSimulated } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { HttpApi } from "../http-api.ts";
import { createAuthorizerOperations } from "../operations/authorizers.ts";
import { httpApiOf } from "../operations/http-api-of.ts";
import { createIntegrationOperations } from "../operations/integrations.ts";
import { createRouteOperations } from "../operations/routes.ts";

/** An API that is built by the same operations as any other, kept nowhere and served by no stage. */
export interface DraftApi {
  /** `ApiId` is set. Throws what the operation throws, and for a member that it does not honour. */
  call<Output = Record<string, string>>(operation: string, input: Readonly<Record<string, unknown>>): Promise<Output>;
  definition(): HttpApi;
}

const nowhere: DocumentStore = {
  put: async () => undefined,
  get: async () => undefined,
  list: async () => [],
  delete: async () => true,
};

/** Begins with `api`, without its stages. */
export async function createDraftApi(house: GatewayHouse, api: HttpApi, context: CallContext): Promise<DraftApi> {
  const draft: GatewayHouse = { ...house, apis: new ApiStore(nowhere) };
  const unserved: HttpApi = { ...api, stages: {} };
  await draft.apis.put(unserved);
  const operations = new Map(
    [...createIntegrationOperations(draft), ...createRouteOperations(draft), ...createAuthorizerOperations(draft)].map(
      (one: Operation) => [one.name, one],
    ),
  );
  return {
    async call<Output>(name: string, input: Readonly<Record<string, unknown>>): Promise<Output> {
      const operation = operations.get(name);
      if (operation === undefined) throw new Error(`no operation ${name}`);
      const honoured = new Set(operation.honoured.map((path) => path.split(".")[0]));
      for (const member of Object.keys(input))
        if (!honoured.has(member)) throw notSimulated(`${member} (${operation.refused?.[member] ?? name})`);
      return (await operation.run({ ApiId: api.id, ...input } as never, { ...context, upsert: false })) as Output;
    },
    definition: () => ({ ...httpApiOf(draft, api.id), stages: api.stages }),
  };
}
