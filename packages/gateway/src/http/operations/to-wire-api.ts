import type { HttpApi } from "../http-api.ts";

/** An API as the API answers it. `ApiEndpoint` is where it can be called here. */
export function toWireApi(api: HttpApi, endpoint: string): Record<string, unknown> {
  return {
    ApiEndpoint: `${endpoint}/_api/${api.id}`,
    ApiId: api.id,
    Name: api.name,
    ProtocolType: "HTTP",
    RouteSelectionExpression: "${request.method} ${request.path}",
    ApiKeySelectionExpression: "$request.header.x-api-key",
    CreatedDate: new Date(api.createdAtMs),
    DisableExecuteApiEndpoint: api.disableExecuteApiEndpoint === true,
    IpAddressType: "ipv4",
    Tags: api.tags,
    ...(api.cors === undefined ? {} : { CorsConfiguration: api.cors }),
    ...(api.importInfo === undefined ? {} : { ImportInfo: api.importInfo }),
    ...(api.warnings === undefined ? {} : { Warnings: api.warnings }),
    ...(api.version === undefined ? {} : { Version: api.version }),
    ...(api.description === undefined ? {} : { Description: api.description }),
  };
}
