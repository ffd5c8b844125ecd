export { type ApiSummary, createGateway, type Gateway, type GatewayOptions } from "./create-gateway.ts";
export {
  createFunctionUrlHandler,
  type FunctionUrlHandler,
  type FunctionUrlHandlerOptions,
} from "./function-url/create-function-url-handler.ts";
export type { ServedRoute } from "./api-store.ts";
export type {
  BackendAnswer,
  LogSink,
  CallService,
  GivenUserPoolKeys,
  ServiceRequest,
} from "./rest/serving/rest-serving.ts";
