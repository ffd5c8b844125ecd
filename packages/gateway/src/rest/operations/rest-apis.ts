/** CreateRestApi, GetRestApi(s), UpdateRestApi, DeleteRestApi. https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html */
import type { Operation, ServiceError } from "@tripline/kernel";
import { badRequest, conflict, enumConstraint, notSimulated, validationError } from "../../errors.ts";
import { type GatewayHouse, newId, refuse, toApiId } from "../../house.ts";
import { builtInModels } from "../definition/built-in-models.ts";
import { definedParts } from "../definition/rest-api-store.ts";
import type { RestApi, RestApiSettings } from "../definition/rest-api.ts";
import {
  applyPatch,
  type PatchErrors,
  type PatchOperation,
  setMember,
  shortErrors,
  toBoolean,
} from "../patch/patch-operations.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of CreateRestApi. */
export interface CreateRestApiInput {
  name: string;
  description?: string;
  version?: string;
  cloneFrom?: string;
  binaryMediaTypes?: string[];
  minimumCompressionSize?: number;
  apiKeySource?: "HEADER" | "AUTHORIZER";
  endpointConfiguration?: { types?: string[]; ipAddressType?: string };
  policy?: string;
  tags?: Record<string, string>;
  disableExecuteApiEndpoint?: boolean;
}

const endpointTypes = ["PRIVATE", "EDGE", "REGIONAL"];
const compressionError = (): ServiceError =>
  badRequest("Invalid minimum compression size, must be between 0 and 10485760");
const dualstackOnly = (): ServiceError => badRequest("Only dualstack ipAddressType is supported for Private APIs.");

/** The operations of REST APIs themselves. */
export function restApiOperations(house: GatewayHouse): Operation[] {
  return [
    restOperation<CreateRestApiInput>(
      "CreateRestApi",
      [
        "name",
        "description",
        "version",
        "cloneFrom",
        "binaryMediaTypes",
        "minimumCompressionSize",
        "apiKeySource",
        "endpointConfiguration.types",
        "endpointConfiguration.ipAddressType",
        "policy",
        "tags",
        "disableExecuteApiEndpoint",
      ],
      async (input, context) => {
        const settings = toSettings(house, input, context.upsert === true);
        const source = input.cloneFrom === undefined ? undefined : restApiOf(house, input.cloneFrom);
        const known = house.rest.get(settings.id);
        if (known !== undefined && context.upsert !== true) throw conflict(`API ${settings.id} exists already`);
        const api = await createRestApi(house, settings);
        if (source !== undefined) await cloneInto(house, source, api);
        return toWireRestApi(api.settings, false);
      },
      {
        ...refuse(["endpointAccessMode", "securityPolicy"], "APIs are reached without TLS here"),
        "endpointConfiguration.vpcEndpointIds": "private endpoints are not simulated",
      },
    ),
    restOperation<{ restApiId: string }>("GetRestApi", ["restApiId"], async ({ restApiId }) =>
      toWireRestApi(restApiOf(house, restApiId).settings, true),
    ),
    restOperation<PageInput>("GetRestApis", pageMembers, async (input) => {
      const { items, position } = page(house.rest.list(), input);
      return {
        items: items.map(({ settings }) => toWireRestApi(settings, false)),
        ...(position === undefined ? {} : { position }),
      };
    }),
    restOperation<{ restApiId: string; patchOperations?: PatchOperation[] }>(
      "UpdateRestApi",
      ["restApiId", "patchOperations"],
      async ({ restApiId, patchOperations }) => {
        const { settings } = restApiOf(house, restApiId);
        const next = patchSettings(settings, patchOperations);
        await house.rest.putSettings(next);
        return toWireRestApi(next, true);
      },
    ),
    restOperation<{ restApiId: string }>("DeleteRestApi", ["restApiId"], async ({ restApiId }) => {
      await house.rest.delete(restApiOf(house, restApiId).settings.id);
      return {};
    }),
  ];
}

/**
 * Makes an API with its root resource (`<api id>0` where the id was chosen) and the models that every API has. An API made anew by a
 * template begins with its root alone; what it served is served until it is deployed again.
 */
export async function createRestApi({ rest, rng }: GatewayHouse, settings: RestApiSettings): Promise<RestApi> {
  const known = rest.get(settings.id);
  if (known !== undefined) await rest.clear(known, definedParts);
  const api = await rest.putSettings(settings);
  await Promise.all([
    rest.put(api, "resources", settings.rootResourceId, { id: settings.rootResourceId, pathPart: "", methods: {} }),
    ...builtInModels(() => newId(rng, 6)).map((model) => rest.put(api, "models", model.name, model)),
  ]);
  return api;
}

async function cloneInto({ rest }: GatewayHouse, source: RestApi, api: RestApi): Promise<void> {
  const root = source.settings.rootResourceId;
  const toId = (id: string): string => (id === root ? api.settings.rootResourceId : id);
  await Promise.all([
    ...[...source.resources.values()].map((one) => {
      const id = toId(one.id);
      return rest.put(api, "resources", id, {
        ...one,
        id,
        ...(one.parentId === undefined ? {} : { parentId: toId(one.parentId) }),
      });
    }),
    ...[...source.models].map(([key, one]) => rest.put(api, "models", key, one)),
    ...[...source.validators].map(([key, one]) => rest.put(api, "validators", key, one)),
    ...[...source.authorizers].map(([key, one]) => rest.put(api, "authorizers", key, one)),
    ...[...source.gatewayResponses].map(([key, one]) => rest.put(api, "gatewayResponses", key, one)),
    ...[...source.documentationParts].map(([key, one]) => rest.put(api, "documentationParts", key, one)),
  ]);
}

/** Checks the input of CreateRestApi in AWS's order. */
function toSettings(house: GatewayHouse, input: CreateRestApiInput, upsert: boolean): RestApiSettings {
  const { types, ipAddressType } = input.endpointConfiguration ?? {};
  checkEnums(types, ipAddressType);
  if (typeof input.name !== "string" || input.name === "") throw badRequest("No name specified");
  if (input.description === "") throw badRequest("Description cannot be an empty string");
  if (input.minimumCompressionSize !== undefined && !isCompressionSize(input.minimumCompressionSize))
    throw compressionError();
  if (types?.length === 0) throw badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.");
  if (types !== undefined && types.length > 1) throw badRequest("Cannot create an api with multiple Endpoint Types.");
  const endpointType = (types?.[0] ?? "EDGE") as RestApiSettings["endpointType"];
  if (endpointType === "PRIVATE" && ipAddressType === "ipv4") throw dualstackOnly();
  const isChosen = input.tags?.["tripline:id"] !== undefined;
  const id = toApiId(house.rng, input.tags);
  const known = upsert ? house.rest.get(id)?.settings : undefined;
  return {
    id,
    name: input.name,
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.version === undefined ? {} : { version: input.version }),
    createdAtMs: known?.createdAtMs ?? house.clock.now(),
    rootResourceId: isChosen ? `${id}0` : newId(house.rng, 10),
    apiKeySource: input.apiKeySource ?? "HEADER",
    endpointType,
    ipAddressType: endpointType === "PRIVATE" ? "dualstack" : ((ipAddressType ?? "ipv4") as "ipv4"),
    binaryMediaTypes: input.binaryMediaTypes ?? [],
    ...(input.minimumCompressionSize === undefined ? {} : { minimumCompressionSize: input.minimumCompressionSize }),
    ...(input.policy === undefined || input.policy === "" ? {} : { policy: toPolicy(input.policy) }),
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    tags: input.tags ?? {},
  };
}

function checkEnums(types: readonly string[] | undefined, ipAddressType: string | undefined): void {
  const faults = [];
  const at = "createRestApiInput.endpointConfiguration";
  if (types?.some((one) => !endpointTypes.includes(one)) === true)
    faults.push({
      value: `[${types.join(", ")}]`,
      at: `${at}.types`,
      constraint: `Member must satisfy constraint: [${enumConstraint(endpointTypes)}]`,
    });
  if (ipAddressType !== undefined && ipAddressType !== "ipv4" && ipAddressType !== "dualstack")
    faults.push({ value: ipAddressType, at: `${at}.ipAddressType`, constraint: enumConstraint(["ipv4", "dualstack"]) });
  if (faults.length > 0) throw validationError(faults);
}

function isCompressionSize(size: number): boolean {
  return Number.isInteger(size) && size >= 0 && size <= 10_485_760;
}

function toPolicy(text: string): string {
  try {
    const policy = JSON.parse(text) as unknown;
    if (typeof policy === "object" && policy !== null) return JSON.stringify(policy);
  } catch {
    // told below
  }
  throw badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.");
}

function patchSettings(settings: RestApiSettings, patchOperations: PatchOperation[] | undefined): RestApiSettings {
  const next = { ...settings };
  const types =
    (run: (value: string) => void) =>
    ({ value = "" }: PatchOperation): void => {
      if (!endpointTypes.includes(value))
        throw badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE");
      run(value);
    };
  const replaceType = types((value) => {
    next.endpointType = value as RestApiSettings["endpointType"];
    if (value === "PRIVATE") next.ipAddressType = "dualstack";
  });
  const errors: PatchErrors = {
    ...shortErrors,
    unsupportedOp: (operation, rule) =>
      rule.path.includes("/types")
        ? badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
        : shortErrors.unsupportedOp(operation, rule),
  };
  applyPatch(
    "updateRestApiInput",
    patchOperations,
    [
      {
        path: "/name",
        ops: {
          replace: ({ value }) => {
            if (value === undefined || value === "") throw badRequest("No name specified");
            next.name = value;
          },
        },
      },
      {
        path: "/description",
        ops: {
          add: ({ value }) => {
            setMember(next, "description", value);
          },
          replace: ({ value }) => {
            setMember(next, "description", value);
          },
          remove: () => {
            delete next.description;
          },
        },
      },
      {
        path: "/apiKeySource",
        ops: {
          replace: ({ value }) => {
            if (value !== "HEADER" && value !== "AUTHORIZER")
              throw badRequest(`Invalid API key source '${value ?? ""}'. Must be one of: [HEADER, AUTHORIZER]`);
            next.apiKeySource = value;
          },
        },
      },
      {
        path: "/minimumCompressionSize",
        ops: {
          replace: ({ value }) => {
            if (value === undefined || value === "") return void delete next.minimumCompressionSize;
            const size = Number(value);
            if (!isCompressionSize(size)) throw compressionError();
            next.minimumCompressionSize = size;
          },
        },
      },
      {
        path: "/policy",
        ops: {
          replace: ({ value }) => {
            setMember(next, "policy", value === undefined || value === "" ? undefined : toPolicy(value));
          },
          remove: () => {
            delete next.policy;
          },
        },
      },
      {
        path: "/disableExecuteApiEndpoint",
        ops: {
          replace: ({ value }) => {
            next.disableExecuteApiEndpoint = toBoolean(value);
          },
        },
      },
      {
        path: "/binaryMediaTypes/{type}",
        ops: {
          add: (_one, [type = ""]) => {
            next.binaryMediaTypes = [...next.binaryMediaTypes.filter((one) => one !== type), type];
          },
          replace: ({ value = "" }, [type]) => {
            next.binaryMediaTypes = [...next.binaryMediaTypes.filter((one) => one !== type), value];
          },
          remove: (_one, [type]) => {
            next.binaryMediaTypes = next.binaryMediaTypes.filter((one) => one !== type);
          },
        },
      },
      {
        path: "/endpointConfiguration/ipAddressType",
        ops: {
          replace: ({ value }) => {
            if (value !== "ipv4" && value !== "dualstack")
              throw badRequest("ipAddressType must be either ipv4 or dualstack.");
            if (value === "ipv4" && next.endpointType === "PRIVATE") throw dualstackOnly();
            next.ipAddressType = value;
          },
        },
      },
      { path: "/endpointConfiguration/types", ops: { add: replaceType, replace: replaceType } },
      { path: "/endpointConfiguration/types/{type}", ops: { replace: replaceType } },
      ...["/endpointConfiguration/vpcEndpointIds", "/endpointAccessMode", "/securityPolicy"].map((path) => {
        const refused = (): void => {
          throw notSimulated(`${path}: APIs are reached without TLS, and without a VPC`);
        };
        return { path, ops: { add: refused, replace: refused, remove: refused } };
      }),
    ],
    errors,
  );
  return next;
}

/** A REST API as the API answers it. `withTags`: tags even where there are none. */
export function toWireRestApi(settings: RestApiSettings, withTags: boolean): Record<string, unknown> {
  const { id, name, description, version, binaryMediaTypes, minimumCompressionSize, policy, tags } = settings;
  const shown = Object.fromEntries(Object.entries(tags).filter(([key]) => key !== "tripline:id"));
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    createdDate: new Date(settings.createdAtMs),
    ...(version === undefined ? {} : { version }),
    ...(binaryMediaTypes.length === 0 ? {} : { binaryMediaTypes }),
    ...(minimumCompressionSize === undefined ? {} : { minimumCompressionSize }),
    apiKeySource: settings.apiKeySource,
    endpointConfiguration: { types: [settings.endpointType], ipAddressType: settings.ipAddressType },
    // AWS answers it with its quotes escaped.
    ...(policy === undefined ? {} : { policy: policy.replaceAll('"', '\\"') }),
    ...(withTags || Object.keys(shown).length > 0 ? { tags: shown } : {}),
    disableExecuteApiEndpoint: settings.disableExecuteApiEndpoint,
    rootResourceId: settings.rootResourceId,
  };
}
