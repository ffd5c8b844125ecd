export { type ApiSummary, createGateway, type Gateway, type GatewayOptions } from "./create-gateway.ts";
export {
  createFunctionUrlHandler,
  type FunctionUrlHandler,
  type FunctionUrlHandlerOptions,
} from "./function-url/create-function-url-handler.ts";
export type { ServedRoute } from "./api-store.ts";
export type { LogSink } from "./access-log.ts";
export type { BackendAnswer, CallService, ServiceRequest } from "./service-calls.ts";
export type { GivenUserPoolKeys } from "./rest/serving/rest-serving.ts";
