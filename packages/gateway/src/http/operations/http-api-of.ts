import { noSuchApi } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { HttpApi } from "../http-api.ts";

/** The HTTP API of that id. Throws `NotFoundException`. */
export function httpApiOf({ apis, scope }: GatewayHouse, id: string): HttpApi {
  const definition = apis.get(id)?.definition;
  if (definition?.type !== "HTTP") throw noSuchApi(scope.accountId, id);
  return definition as HttpApi;
}
