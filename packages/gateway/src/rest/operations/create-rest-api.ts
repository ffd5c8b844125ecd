import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, refuse, toApiId } from "../../house.ts";
import type { RestApi } from "../rest-api.ts";

/** Input of CreateRestApi. */
export interface CreateRestApiInput {
  name: string;
  description?: string;
  binaryMediaTypes?: string[];
  tags?: Record<string, string>;
}

/**
 * The root resource is `<api id>0`. An API made anew by a template begins with its root alone; what it served is served until it is
 * deployed again. https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
 */
export function createRestApiOperation({ apis, rng, clock }: GatewayHouse): Operation<CreateRestApiInput, object> {
  return {
    name: "CreateRestApi",
    honoured: ["name", "description", "binaryMediaTypes", "tags"],
    refused: {
      ...refuse(["apiKeySource"], "API keys are not simulated yet"),
      ...refuse(["endpointConfiguration", "endpointAccessMode", "securityPolicy"], "every API is regional here"),
      ...refuse(["cloneFrom", "version"], "nothing reads it here"),
      disableExecuteApiEndpoint: "custom domains are not simulated yet",
      minimumCompressionSize: "compression is not simulated yet",
      policy: "resource policies are not simulated yet",
    },
    async run(input, context) {
      if (typeof input.name !== "string" || input.name === "") throw badRequest("No name specified");
      const id = toApiId(rng, input.tags);
      const known = apis.get(id);
      if (known !== undefined && context.upsert !== true) throw conflict(`API ${id} exists already`);
      const rootResourceId = `${id}0`;
      const api: RestApi = {
        id,
        name: input.name,
        type: "REST",
        createdAtMs: known?.definition.createdAtMs ?? clock.now(),
        ...(input.description === undefined ? {} : { description: input.description }),
        tags: input.tags ?? {},
        binaryMediaTypes: input.binaryMediaTypes ?? [],
        rootResourceId,
        resources: { [rootResourceId]: { pathPart: "", methods: {} } },
        stages: {},
      };
      await apis.put(api);
      return toWireRestApi(api);
    },
  };
}

/** A REST API as the API answers it. */
export function toWireRestApi(api: RestApi): Record<string, unknown> {
  return {
    id: api.id,
    name: api.name,
    ...(api.description === undefined ? {} : { description: api.description }),
    createdDate: new Date(api.createdAtMs),
    binaryMediaTypes: api.binaryMediaTypes,
    apiKeySource: "HEADER",
    endpointConfiguration: { types: ["REGIONAL"] },
    tags: api.tags,
    disableExecuteApiEndpoint: false,
    rootResourceId: api.rootResourceId,
  };
}
