/** The AWS endpoint. See README.md. */
export { createEndpoint, type Endpoint, type EndpointHandler, type EndpointOptions } from "./endpoint.ts";
export { createSupportMatrix, type OperationSupport, type SupportMatrix } from "./support-matrix.ts";
export { isHonouredByWire } from "./member-support.ts";
export { loadModel } from "./model/models.ts";
export { sampleInput, type SampleValues } from "./sample-input.ts";
