export { type ApiSummary, createGateway, type Gateway, type GatewayOptions } from "./create-gateway.ts";
export type { ServedRoute } from "./api-store.ts";
