/** Finds what an operation names, or throws what AWS answers where there is none. */
import { noSuchApi, notFound } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type {
  IntegrationResponse,
  MethodResponse,
  RestApi,
  RestIntegration,
  RestMethod,
  RestResource,
} from "../definition/rest-api.ts";

/** `Invalid API identifier specified …` */
export function restApiOf({ rest, scope }: GatewayHouse, id: string): RestApi {
  const api = rest.get(id);
  if (api === undefined) throw noSuchApi(scope.accountId, id);
  return api;
}

/** `Invalid Resource identifier specified`: of an API that is not there too. */
export function resourceOf(
  { rest }: GatewayHouse,
  restApiId: string,
  resourceId: string,
): { api: RestApi; resource: RestResource } {
  const api = rest.get(restApiId);
  const resource = api?.resources.get(resourceId);
  if (api === undefined || resource === undefined) throw notFound("Invalid Resource identifier specified");
  return { api, resource };
}

/** What names a method. */
export interface MethodInput {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
}

/** Members of {@link MethodInput}. */
export const methodMembers = ["restApiId", "resourceId", "httpMethod"] as const;

/** A method, with where it is. */
export interface FoundMethod {
  api: RestApi;
  resource: RestResource;
  method: RestMethod;
}

/** `Invalid Method identifier specified` */
export function methodOf(house: GatewayHouse, { restApiId, resourceId, httpMethod }: MethodInput): FoundMethod {
  const { api, resource } = resourceOf(house, restApiId, resourceId);
  const method = resource.methods[httpMethod];
  if (method === undefined) throw notFound("Invalid Method identifier specified");
  return { api, resource, method };
}

/** `Invalid Integration identifier specified` */
export function integrationOf(house: GatewayHouse, input: MethodInput): FoundMethod & { integration: RestIntegration } {
  const found = methodOf(house, input);
  const integration = found.method.methodIntegration;
  if (integration === undefined) throw notFound("Invalid Integration identifier specified");
  return { ...found, integration };
}

/** `Invalid Response status code specified` */
export function responseOf<Response extends MethodResponse | IntegrationResponse>(
  responses: Readonly<Record<string, Response>> | undefined,
  statusCode: string,
): Response {
  const response = responses?.[statusCode];
  if (response === undefined) throw notFound("Invalid Response status code specified");
  return response;
}

/** Keeps a method in place of the one of its verb; without one, removes it. */
export async function saveMethod(
  { rest }: GatewayHouse,
  { api, resource }: Pick<FoundMethod, "api" | "resource">,
  httpMethod: string,
  method: RestMethod | undefined,
): Promise<void> {
  const methods: Record<string, RestMethod> = { ...resource.methods };
  if (method === undefined) delete methods[httpMethod];
  else methods[httpMethod] = method;
  await rest.put(api, "resources", resource.id, { ...resource, methods });
}
