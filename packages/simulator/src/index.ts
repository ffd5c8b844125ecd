export { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
export type { ClockChoice, SimulatorClock } from "./simulator-clock.ts";
export { type ResourceNames, suggest, unknownName } from "./resource-names.ts";
export type { House } from "./house.ts";
export type { ObjectAddress, S3Helper } from "./helpers/s3-helper.ts";
export type { QueueDepth, ReceivedMessage, SqsHelper } from "./helpers/sqs-helper.ts";
export type { InvokeHelper, InvokeOutcome } from "./helpers/invoke-helper.ts";
export type { SimulatorStatus } from "./admin/simulator-status.ts";
