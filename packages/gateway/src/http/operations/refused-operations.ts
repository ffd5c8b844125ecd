const domains = "custom domains are not simulated: call an API by its own address";
const links = "there is no VPC on one machine: name the backend's URL in an HTTP_PROXY integration";
const webSocket = "it is of WebSocket APIs, which are not simulated: HTTP APIs have no such thing";
const portals = "developer portals are not simulated";

const byReason: readonly (readonly [reason: string, operations: string])[] = [
  [
    domains,
    `CreateApiMapping DeleteApiMapping GetApiMapping GetApiMappings UpdateApiMapping
    CreateDomainName DeleteDomainName GetDomainName GetDomainNames UpdateDomainName
    CreateRoutingRule DeleteRoutingRule GetRoutingRule ListRoutingRules PutRoutingRule`,
  ],
  [links, "CreateVpcLink DeleteVpcLink GetVpcLink GetVpcLinks UpdateVpcLink"],
  [
    webSocket,
    `CreateModel DeleteModel GetModel GetModels GetModelTemplate UpdateModel
    CreateRouteResponse DeleteRouteResponse GetRouteResponse GetRouteResponses UpdateRouteResponse DeleteRouteRequestParameter`,
  ],
  [
    portals,
    `CreatePortal DeletePortal DisablePortal GetPortal ListPortals PreviewPortal PublishPortal UpdatePortal
    CreatePortalProduct DeletePortalProduct GetPortalProduct ListPortalProducts UpdatePortalProduct
    DeletePortalProductSharingPolicy GetPortalProductSharingPolicy PutPortalProductSharingPolicy
    CreateProductPage DeleteProductPage GetProductPage ListProductPages UpdateProductPage
    CreateProductRestEndpointPage DeleteProductRestEndpointPage GetProductRestEndpointPage ListProductRestEndpointPages UpdateProductRestEndpointPage`,
  ],
];

/** Every operation of API Gateway v2 that we do not have, and why. */
export const refusedOperations: ReadonlyMap<string, string> = new Map(
  byReason.flatMap(([reason, operations]) => operations.split(/\s+/).map((name) => [name, reason] as const)),
);
