import { noSuchApi, noSuchPart } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { RestApi, RestResource } from "../rest-api.ts";

/** The REST API of that id. Throws `NotFoundException`. */
export function restApiOf({ apis, scope }: GatewayHouse, id: string): RestApi {
  const definition = apis.get(id)?.definition;
  if (definition?.type !== "REST") throw noSuchApi(scope.accountId, id);
  return definition as RestApi;
}

/** Its resource of that id. Throws `NotFoundException`. */
export function resourceOf(api: RestApi, resourceId: string): RestResource {
  const resource = api.resources[resourceId];
  if (resource === undefined) throw noSuchPart("Resource", "resource id", resourceId);
  return resource;
}
