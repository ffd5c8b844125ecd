export { type Cancel, type Clock, after, delay } from "./clock/clock.ts";
export { VirtualClock, type VirtualClockOptions } from "./clock/virtual-clock.ts";
export { createScaledClock, createSystemClock, type WallClock } from "./clock/system-clock.ts";
export { TimerQueue } from "./clock/timer-queue.ts";
export { Activity } from "./activity.ts";
export { createRng, type Rng } from "./rng.ts";
export { type Arn, defaultScope, parseArn, type Scope, toArn, toBucketArn } from "./arn.ts";
export { toIamId } from "./iam-id.ts";
export {
  evaluatePolicy,
  type PolicyDecision,
  PolicyError,
  type PolicyPrincipal,
  type PolicyRequest,
} from "./policy/evaluate-policy.ts";
export { suggest } from "./suggest.ts";
export { EventBus, type Notice, type SimulatorEvents } from "./event-bus.ts";
export {
  InvariantError,
  ServiceError,
  type ServiceErrorOptions,
  SimulatorError,
  type SimulatorErrorCode,
  type SimulatorErrorText,
  invariant,
  isServiceError,
  isSimulatorError,
} from "./errors.ts";
export {
  type DeliveryRecord,
  type DeliveryState,
  type InvocationRecord,
  type InvocationStatus,
  type LogLine,
  type MappingCount,
  type MappingMetric,
  mappingMetrics,
} from "./records.ts";
export type { RealTime } from "./ports/real-time.ts";
export type { Delivery, DeliveryTarget, MessageAttributeValue, SourceAdapter, SourceHost } from "./ports/delivery.ts";
export type { QueueFacts, QueueMessage, QueueSource, QueueSources, ReceiveOptions } from "./ports/queue-source.ts";
export type { NewShardRecord, ShardLogStore, ShardPlace, ShardRecord } from "./ports/shard-log-store.ts";
export type {
  ChangeToken,
  IndexEntry,
  ItemAddress,
  ItemChange,
  ItemPlace,
  ItemStore,
  ItemWalk,
  ItemWrite,
  SpaceSize,
  StoredItem,
  VisitedItem,
} from "./ports/item-store.ts";
export type {
  StreamFacts,
  StreamRead,
  StreamRecord,
  StreamShard,
  StreamSource,
  StreamSources,
  StreamStart,
} from "./ports/stream-source.ts";
export type {
  NewQueueMessage,
  QueueReceipt,
  QueueMove,
  QueueMoved,
  QueueMoveTarget,
  QueueReceive,
  QueueReceived,
  QueueStore,
  ReceiptOutcome,
  SentQueueMessage,
  StoredQueueMessage,
} from "./ports/queue-store.ts";
export type {
  FunctionDirectory,
  FunctionFacts,
  FunctionInvoker,
  FunctionSpec,
  InvokeRequest,
  InvokeResult,
  ResponseStream,
} from "./ports/function-invoker.ts";
export type { MappingTags } from "./ports/mapping-tags.ts";
export type { FunctionAccess, ServiceCaller } from "./ports/function-access.ts";
export { type FunctionUrl, type FunctionUrlCors, type FunctionUrls, toFunctionUrlId } from "./ports/function-url.ts";
export type { AsyncInvocationRequest, AsyncInvocations } from "./ports/async-invocations.ts";
export type { CallContext, CrossOriginRequest, Operation, Operations, Service } from "./ports/operation.ts";
export { createService, findOperation, type ServiceOptions } from "./service.ts";
export type { HttpHandler, HttpRequest, HttpResponse } from "./ports/http.ts";
export type { DocumentStore } from "./ports/document-store.ts";
export type {
  LogBatch,
  LogChunk,
  LogPosition,
  LogRead,
  LogReadResult,
  LogStore,
  LogStreamQuery,
  StoredLogEvent,
  StoredLogStream,
} from "./ports/log-store.ts";
export type { PendingFiring, ScheduleStore } from "./ports/schedule-store.ts";
export type {
  ListedVersion,
  ObjectChangeResult,
  ObjectCondition,
  ObjectListOptions,
  ObjectPart,
  ObjectPutOptions,
  ObjectStore,
  ObjectTag,
  OwedNotification,
  StoredObject,
  VersionAddress,
  VersionListOptions,
} from "./ports/object-store.ts";
export type { StoredUpload, UploadListOptions, UploadStore } from "./ports/upload-store.ts";
export type { BlobBody, BlobStore } from "./ports/blob-store.ts";
export type {
  AsyncEvent,
  AsyncEventPosition,
  AsyncEventProgress,
  AsyncEventStore,
  NewAsyncEvent,
} from "./ports/async-event-store.ts";
export { compileEventPattern } from "./event-pattern/compile-event-pattern.ts";
export type { PatternFlavour } from "./event-pattern/match-expression.ts";
