/**
 * Sends one recorded event through the triggers that its source has here, as the source would.
 *
 * R1. An event goes to every function and queue whose trigger matches, through the same doors as a live event: notification filters,
 *     queues, streams and their mappings, the asynchronous queue with its retries.
 * R2. An event that matches nothing is an error that names what was looked for.
 * R3. With a function given, the event reaches that function only; what its source would push is queued for it, what is
 *     requested is called, and a batch of records goes through the function's own mapping where it has one for that queue or stream.
 * R4. Sources are who they are: a policy that would refuse the source refuses its recorded event. A function that was given is
 *     invoked by the account itself.
 * R5. Direct, the functions that R1 finds (or the one given) are called with the event as it is: no filter of records, no batching, no retry.
 */
import type { Delivery } from "@tripline/kernel";
import type { House } from "../house.ts";
import { type EventKind, isObject, recogniseEvent, recordsOf, textAt } from "./recognise.ts";
import type { NameMap } from "./name-map.ts";

type Json = Record<string, unknown>;
type RecordedChange = Parameters<House["dynamodb"]["replay"]>[1][number];

/** What routing needs. */
export interface RouteOptions {
  house: House;
  names: NameMap;
  /** Physical name of the only function wanted. */
  functionName?: string;
  /** Hand the event to the function as it is, and wait. */
  direct: boolean;
  /** A new id for each delivery. */
  newId: () => string;
}

/** What became of one event when it was sent. */
export interface Routed {
  kind: EventKind | undefined;
  /** Ids of the deliveries to wait for. */
  deliveryIds: string[];
  /** Why it could not be sent, or why its direct call failed. */
  error?: string;
}

const encoder = new TextEncoder();

/** See the module's header. Resolves when what it sent is accepted (or, for calls, answered). */
export async function routeEvent(event: Json, options: RouteOptions): Promise<Routed> {
  const kind = recogniseEvent(event);
  if (options.functionName !== undefined && options.direct) return call(event, kind, options.functionName, options);
  if (kind === undefined && options.functionName === undefined) {
    return {
      kind,
      deliveryIds: [],
      error: "it is no event that Tripline recognises: name its function with --function",
    };
  }
  // What a route takes is a call of the function already.
  if (options.direct && kind !== "apigateway-1.0" && kind !== "apigateway-2.0")
    return callMatches(event, kind, options);
  switch (kind) {
    case "s3":
      return push(
        kind,
        recordsOf(event).flatMap((record) => s3Deliveries(record, options)),
        options,
        describeS3(event),
      );
    case "sqs":
      return sendToQueue(event, options);
    case "kinesis":
      return sendToStream(event, options);
    case "dynamodb":
      return appendToTableStream(event, options);
    case "schedule":
    case "eventbridge":
      return push(
        kind,
        ruleDeliveries(event, options),
        options,
        `the rule or schedule ${resourcesOf(event).join(", ") || "it names"}`,
      );
    case "apigateway-1.0":
    case "apigateway-2.0":
      return callRoute(event, kind, options);
    default:
      return pushToChosen(event, kind, options);
  }
}

function s3Deliveries(record: Json, options: RouteOptions): Delivery[] {
  const bucket = options.names.local(textAt(record, "s3", "bucket", "name") ?? "");
  const key = textAt(record, "s3", "object", "key") ?? "";
  const targets =
    options.functionName === undefined
      ? options.house.s3.notificationTargets(bucket, textAt(record, "eventName") ?? "", key)
      : [options.house.registry.toArn(options.functionName)];
  const body = encoder.encode(JSON.stringify({ Records: [withLocalBucket(record, bucket)] }));
  return targets.map((targetArn) => ({
    id: options.newId(),
    source: "s3",
    sourceArn: `arn:aws:s3:::${bucket}`,
    ...callerOf(options, "s3.amazonaws.com", `arn:aws:s3:::${bucket}`),
    targetArn,
    body,
  }));
}

/** R4. */
function callerOf({ house, functionName }: RouteOptions, service: string, sourceArn: string): Pick<Delivery, "caller"> {
  if (functionName !== undefined) return {};
  return { caller: { service, sourceArn, sourceAccount: house.scope.accountId } };
}

function withLocalBucket(record: Json, bucket: string): Json {
  const s3 = record["s3"];
  if (!isObject(s3) || !isObject(s3["bucket"]) || s3["bucket"]["name"] === bucket) return record;
  return { ...record, s3: { ...s3, bucket: { ...s3["bucket"], name: bucket, arn: `arn:aws:s3:::${bucket}` } } };
}

function describeS3(event: Json): string {
  const [record] = recordsOf(event);
  return `a notification of the bucket "${textAt(record, "s3", "bucket", "name") ?? "?"}" for ${textAt(record, "eventName") ?? "?"} of "${textAt(record, "s3", "object", "key") ?? "?"}"`;
}

function ruleDeliveries(event: Json, options: RouteOptions): Delivery[] {
  const body = encoder.encode(JSON.stringify(event));
  const names = resourcesOf(event).map((arn) => options.names.local(arn.split("/").at(-1) ?? arn));
  const schedules = [...options.house.eventbridge.schedules(), ...options.house.scheduler.schedules()].filter((one) =>
    names.includes(one.name),
  );
  const targets =
    options.functionName === undefined
      ? schedules.flatMap((one) => one.targetArns)
      : [options.house.registry.toArn(options.functionName)];
  const [first] = schedules;
  const source = textAt(event, "source") === "aws.scheduler" ? "scheduler" : "events";
  return targets.map((targetArn) => ({
    id: options.newId(),
    source,
    ...(first === undefined ? {} : { sourceArn: first.arn }),
    ...(first === undefined || source === "scheduler" ? {} : callerOf(options, "events.amazonaws.com", first.arn)),
    targetArn,
    body,
  }));
}

function resourcesOf(event: Json): string[] {
  const resources = event["resources"];
  return Array.isArray(resources) ? resources.filter((one): one is string => typeof one === "string") : [];
}

async function push(kind: EventKind, deliveries: Delivery[], options: RouteOptions, wanted: string): Promise<Routed> {
  if (deliveries.length === 0) return { kind, deliveryIds: [], error: `it matches nothing: no trigger for ${wanted}` };
  for (const delivery of deliveries) await options.house.router.deliver(delivery);
  return { kind, deliveryIds: deliveries.map((delivery) => delivery.id) };
}

/** R5. */
async function callMatches(event: Json, kind: EventKind | undefined, options: RouteOptions): Promise<Routed> {
  const names = matchingFunctions(event, kind, options);
  if (names.length === 0)
    return {
      kind,
      deliveryIds: [],
      error: "it matches nothing: no function has a trigger for it, name one with --function",
    };
  const results = await Promise.all(names.map((name) => call(event, kind, name, options)));
  return results.find((result) => result.error !== undefined) ?? { kind, deliveryIds: [] };
}

/** Names or ARNs of the functions whose triggers match, each once. */
function matchingFunctions(event: Json, kind: EventKind | undefined, options: RouteOptions): string[] {
  const toFunctions = (deliveries: readonly Delivery[]): string[] =>
    deliveries.map((delivery) => delivery.targetArn).filter((arn) => arn.includes(":function:"));
  switch (kind) {
    case "s3":
      return unique(recordsOf(event).flatMap((record) => toFunctions(s3Deliveries(record, options))));
    case "sqs":
      return unique(
        recordsOf(event).flatMap((record) => findQueue(record, options).mappings.map((one) => one.functionName)),
      );
    case "kinesis":
      return unique(
        recordsOf(event).flatMap((record) => findStream(record, options).mappings.map((one) => one.functionName)),
      );
    case "dynamodb":
      return unique(
        recordsOf(event).flatMap((record) => findTable(record, options).mappings.map((one) => one.functionName)),
      );
    case "schedule":
    case "eventbridge":
      return unique(toFunctions(ruleDeliveries(event, options)));
    default:
      return [];
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

async function sendToQueue(event: Json, options: RouteOptions): Promise<Routed> {
  const deliveries: Delivery[] = [];
  for (const record of recordsOf(event)) {
    const { recorded, queue, mappings } = findQueue(record, options);
    const isWanted =
      options.functionName === undefined
        ? mappings.length > 0
        : mappings.some((mapping) => mapping.functionName === options.functionName);
    if (queue === undefined || !isWanted) {
      if (options.functionName !== undefined) return pushToChosen(event, "sqs", options);
      return {
        kind: "sqs",
        deliveryIds: [],
        error: `it matches nothing: no function is mapped to a queue "${recorded}"`,
      };
    }
    deliveries.push(toQueueDelivery(record, queue.arn, options));
  }
  for (const delivery of deliveries) await options.house.router.deliver(delivery);
  return { kind: "sqs", deliveryIds: deliveries.map((delivery) => delivery.id) };
}

/** The queue that a record was recorded from, as it is called here, and the mappings of it. */
function findQueue(
  record: Json,
  { house, names }: RouteOptions,
): { recorded: string; queue: { arn: string } | undefined; mappings: { functionName: string }[] } {
  const recorded = textAt(record, "eventSourceARN")?.split(":").at(-1) ?? "";
  const queue = house.sqs.list().find((one) => one.name === names.local(recorded));
  const mappings = house.dispatcher.mappings().filter((mapping) => mapping.eventSourceArn === queue?.arn);
  return { recorded, queue, mappings };
}

/** Its records are put into the stream of that name; the mappings follow, each with its filters, batches and retries. */
async function sendToStream(event: Json, options: RouteOptions): Promise<Routed> {
  const kind = "kinesis";
  const found = recordsOf(event).map((record) => ({ record, ...findStream(record, options) }));
  for (const { recorded, stream, mappings } of found) {
    const isWanted =
      options.functionName === undefined
        ? mappings.length > 0
        : mappings.some(({ functionName }) => functionName === options.functionName);
    if (stream !== undefined && isWanted) continue;
    if (options.functionName !== undefined) return pushToChosen(event, kind, options);
    return { kind, deliveryIds: [], error: `it matches nothing: no function is mapped to a stream "${recorded}"` };
  }
  for (const { record, stream } of found) {
    if (stream === undefined) continue;
    await options.house.kinesis.replay(stream.name, [
      {
        Data: Buffer.from(textAt(record, "kinesis", "data") ?? "", "base64"),
        PartitionKey: textAt(record, "kinesis", "partitionKey") ?? "replay",
      },
    ]);
  }
  return { kind, deliveryIds: [] };
}

/** The stream that a record was recorded from, as it is called here, and the mappings of it. */
function findStream(
  record: Json,
  { house, names }: RouteOptions,
): { recorded: string; stream: { name: string } | undefined; mappings: { functionName: string }[] } {
  const recorded = /:stream\/([^/]+)/.exec(textAt(record, "eventSourceARN") ?? "")?.[1] ?? "";
  const stream = house.kinesis.list().find((one) => one.name === names.local(recorded));
  const mappings = house.dispatcher.mappings().filter(({ eventSourceArn }) => eventSourceArn === stream?.arn);
  return { recorded, stream, mappings };
}

/** Its records are appended to the stream of the table of that name, whose items stay as they are; the mappings follow. */
async function appendToTableStream(event: Json, options: RouteOptions): Promise<Routed> {
  const kind = "dynamodb";
  const found = recordsOf(event).map((record) => ({ record, ...findTable(record, options) }));
  for (const { recorded, table, mappings } of found) {
    const isWanted =
      options.functionName === undefined
        ? mappings.length > 0
        : mappings.some(({ functionName }) => functionName === options.functionName);
    if (table !== undefined && isWanted) continue;
    if (options.functionName !== undefined) return pushToChosen(event, kind, options);
    const error = `it matches nothing: no function is mapped to the stream of a table "${recorded}"`;
    return { kind, deliveryIds: [], error };
  }
  const byTable = new Map<string, RecordedChange[]>(); // a table's records are one append, so that they can be one batch
  for (const { record, table } of found) {
    const change = toChange(record);
    if (change === undefined) {
      return { kind, deliveryIds: [], error: "a record of it has no dynamodb.Keys, or no eventName of DynamoDB's" };
    }
    if (table !== undefined) byTable.set(table.name, [...(byTable.get(table.name) ?? []), change]);
  }
  for (const [name, changes] of byTable) await options.house.dynamodb.replay(name, changes);
  return { kind, deliveryIds: [] };
}

/** The table that a record was recorded from, as it is called here, and the mappings of its stream. */
function findTable(
  record: Json,
  { house, names }: RouteOptions,
): { recorded: string; table: { name: string } | undefined; mappings: { functionName: string }[] } {
  const recorded = /:table\/([^/]+)/.exec(textAt(record, "eventSourceARN") ?? "")?.[1] ?? "";
  const table = house.dynamodb.list().find((one) => one.name === names.local(recorded));
  const arn = table?.streamArn;
  const mappings = arn === undefined ? [] : house.dispatcher.mappings().filter((one) => one.eventSourceArn === arn);
  return { recorded, table, mappings };
}

function toChange(record: Json): RecordedChange | undefined {
  const { eventName, dynamodb: facts } = record;
  if (eventName !== "INSERT" && eventName !== "MODIFY" && eventName !== "REMOVE") return undefined;
  if (!isObject(facts) || !isObject(facts["Keys"])) return undefined;
  const { Keys: keys, NewImage: newImage, OldImage: oldImage } = facts;
  return {
    eventName,
    keys,
    ...(isObject(newImage) ? { newImage } : {}),
    ...(isObject(oldImage) ? { oldImage } : {}),
    isExpiry: textAt(record, "userIdentity", "principalId") === "dynamodb.amazonaws.com",
  };
}

function toQueueDelivery(record: Json, targetArn: string, options: RouteOptions): Delivery {
  const groupId = textAt(record, "attributes", "MessageGroupId");
  const deduplicationId = textAt(record, "attributes", "MessageDeduplicationId");
  const attributes = isObject(record["messageAttributes"]) ? record["messageAttributes"] : {};
  return {
    id: options.newId(),
    source: "replay",
    targetArn,
    body: encoder.encode(textAt(record, "body") ?? ""),
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, toMessageAttribute(value)]),
    ),
    ...(groupId === undefined ? {} : { messageGroupId: groupId }),
    ...(deduplicationId === undefined ? {} : { messageDeduplicationId: deduplicationId }),
  };
}

function toMessageAttribute(value: unknown): { DataType: string; StringValue?: string; BinaryValue?: Uint8Array } {
  const stringValue = textAt(value, "stringValue");
  const binaryValue = textAt(value, "binaryValue");
  return {
    DataType: textAt(value, "dataType") ?? "String",
    ...(stringValue === undefined ? {} : { StringValue: stringValue }),
    ...(binaryValue === undefined ? {} : { BinaryValue: Buffer.from(binaryValue, "base64") }),
  };
}

async function callRoute(event: Json, kind: EventKind, options: RouteOptions): Promise<Routed> {
  const routes = options.house.gateway.apis().flatMap((api) => api.routes);
  const [method, path] =
    kind === "apigateway-2.0"
      ? splitRouteKey(textAt(event, "routeKey") ?? "$default")
      : [textAt(event, "httpMethod") ?? "", textAt(event, "resource") ?? ""];
  const exact =
    routes.find((route) => route.path === path && route.method === method) ??
    routes.find((route) => route.path === path && (route.method === "ANY" || path === "$default"));
  const functionName = options.functionName ?? exact?.functionName;
  if (functionName === undefined)
    return {
      kind,
      deliveryIds: [],
      error: `it matches nothing: no API has the route ${method} ${path}`.replace("  ", " "),
    };
  return call(event, kind, functionName, options);
}

function splitRouteKey(routeKey: string): [string, string] {
  const at = routeKey.indexOf(" ");
  return at === -1 ? ["ANY", routeKey] : [routeKey.slice(0, at), routeKey.slice(at + 1)];
}

/** R3: kinds without a trigger here go to the function that was named. */
async function pushToChosen(event: Json, kind: EventKind | undefined, options: RouteOptions): Promise<Routed> {
  const { functionName, house } = options;
  if (functionName === undefined) {
    return {
      kind,
      deliveryIds: [],
      error: `it matches nothing: triggers of ${kind ?? "this kind"} are not simulated yet, name its function with --function`,
    };
  }
  if (kind === "sns") {
    return push(
      kind,
      [
        {
          id: options.newId(),
          source: "sns",
          targetArn: house.registry.toArn(functionName),
          body: encoder.encode(JSON.stringify(event)),
        },
      ],
      options,
      "",
    );
  }
  return call(event, kind, functionName, options);
}

async function call(
  event: Json,
  kind: EventKind | undefined,
  functionName: string,
  options: RouteOptions,
): Promise<Routed> {
  const result = await options.house.invoker.invoke({
    functionName,
    payload: encoder.encode(JSON.stringify(event)),
    source: "replay",
  });
  if (result.functionError === undefined) return { kind, deliveryIds: [] };
  return {
    kind,
    deliveryIds: [],
    error: `${functionName} failed: ${result.errorMessage ?? result.errorType ?? result.status}`,
  };
}
