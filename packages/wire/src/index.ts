/** The AWS endpoint. See README.md. */
export { createEndpoint, type Endpoint, type EndpointHandler, type EndpointOptions } from "./endpoint.ts";
