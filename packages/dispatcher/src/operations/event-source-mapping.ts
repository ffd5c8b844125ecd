/**
 * The five operations of event source mappings.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
import {
  type CallContext,
  type Clock,
  type FunctionDirectory,
  type FunctionFacts,
  type Operation,
  parseArn,
  type QueueFacts,
  type QueueSources,
  type Rng,
  type Scope,
  type StreamSources,
} from "@tripline/kernel";
import { parseFunctionName } from "../function-name.ts";
import { checkRange, invalidParameter, resourceConflict, resourceNotFound } from "../lambda-errors.ts";
import {
  type EventSourceMapping,
  type EventSourceMappingConfiguration,
  type MappingState,
  toMappingConfiguration,
} from "../mappings/event-source-mapping.ts";
import type { StreamSettings } from "../streams/stream-settings.ts";
import type { EventSourceMappings, MappingEntry } from "../mappings/event-source-mappings.ts";
import {
  checkConstraints,
  checkSettings,
  defaultSettings,
  type MappingSettings,
  type MappingSettingsInput,
  mergeSettings,
  settingsHonoured,
  settingsRefused,
} from "./mapping-settings.ts";
import { paginate } from "./paginate.ts";
import {
  checkStreamSettings,
  isStreamArn,
  mergeStreamSettings,
  streamBatchSizeDefault,
  type StreamStartInput,
  toStreamStart,
  unsupported,
} from "./stream-settings.ts";

/** Input of CreateEventSourceMapping. */
export interface CreateEventSourceMappingInput extends MappingSettingsInput, StreamStartInput {
  Tags?: Record<string, string>;
  EventSourceArn?: string;
  FunctionName: string;
}

/** Input of UpdateEventSourceMapping. */
export interface UpdateEventSourceMappingInput extends MappingSettingsInput {
  UUID: string;
  FunctionName?: string;
}

/** Input of DeleteEventSourceMapping. A template, which knows no UUID, names the source and the function. */
export interface DeleteEventSourceMappingInput {
  UUID?: string;
  EventSourceArn?: string;
  FunctionName?: string;
}

/** Input of ListEventSourceMappings. */
export interface ListEventSourceMappingsInput {
  EventSourceArn?: string;
  FunctionName?: string;
  Marker?: string;
  MaxItems?: number;
}

/** What the operations need. */
export interface EventSourceMappingOptions {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  functions: FunctionDirectory;
  queues: QueueSources;
  streams: StreamSources;
  mappings: EventSourceMappings;
  /** How long a change by the API takes, on the clock. */
  transitionMs: number;
}

const pageMax = 100;
/** What Lambda can poll and Tripline cannot yet, by the service in the ARN. */
const notSimulated = new Set(["kafka", "mq", "rds"]);

/** Create, Get, List, Update and Delete. */
export function createEventSourceMappingOperations(options: EventSourceMappingOptions): Operation[] {
  const { clock, rng, scope, functions, mappings, transitionMs } = options;
  const answer = (mapping: EventSourceMapping, state: MappingState): EventSourceMappingConfiguration =>
    toMappingConfiguration(scope, mapping, state, mappings.get(mapping.uuid)?.lastResult);

  const findFunction = (name: string): { facts: FunctionFacts; qualifier?: string } => {
    const { qualifier } = parseFunctionName(name);
    const facts = functions.find(name);
    if (facts === undefined) throw invalidParameter("Function does not exist");
    return qualifier === undefined ? { facts } : { facts, qualifier };
  };
  const findQueue = async (arn: string): Promise<QueueFacts> => {
    const queue = await options.queues.find(arn);
    if (queue !== undefined) return queue.facts();
    throw invalidParameter(
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    );
  };
  const toQueueSettings = async (
    input: CreateEventSourceMappingInput,
    arn: string,
    facts: FunctionFacts,
  ): Promise<MappingSettings> => {
    const queue = await findQueue(arn);
    const settings = mergeSettings(defaultSettings, input);
    if (input.StartingPosition !== undefined) throw unsupported("StartingPosition");
    if (input.StartingPositionTimestamp !== undefined) throw unsupported("StartingPositionTimestamp");
    checkSettings(settings, input, queue, facts);
    return settings;
  };
  const toStreamSettings = async (
    input: CreateEventSourceMappingInput,
    arn: string,
  ): Promise<MappingSettings & { stream: StreamSettings }> => {
    const stream = mergeStreamSettings(toStreamStart(input, arn, clock), input);
    const settings = mergeSettings({ ...defaultSettings, batchSize: streamBatchSizeDefault }, input);
    await checkStreamSettings(stream, input, settings.filterPatterns, { arn, streams: options.streams });
    return { ...settings, stream };
  };
  const mustFind = (uuid: string | undefined): MappingEntry => {
    const entry = uuid === undefined ? undefined : mappings.get(uuid);
    if (entry === undefined) throw resourceNotFound("The resource you requested does not exist.");
    return entry;
  };
  const newUuid = (): string => {
    let uuid = rng.uuid();
    while (mappings.get(uuid) !== undefined) uuid = rng.uuid(); // a seed that was used before
    return uuid;
  };

  /** An update of `before` to what a template says. */
  const replace = async (
    before: EventSourceMapping,
    next: EventSourceMapping,
  ): Promise<EventSourceMappingConfiguration> => {
    const isSame =
      JSON.stringify(sorted(before)) === JSON.stringify(sorted({ ...next, lastModifiedMs: before.lastModifiedMs }));
    if (isSame) {
      mappings.wake(before.uuid);
      return answer(before, mustFind(before.uuid).state);
    }
    return answer(next, await mappings.update(next, 0));
  };

  const create: Operation<CreateEventSourceMappingInput, EventSourceMappingConfiguration> = {
    name: "CreateEventSourceMapping",
    honoured: [
      "EventSourceArn",
      "FunctionName",
      "StartingPosition",
      "StartingPositionTimestamp",
      "Tags",
      ...settingsHonoured,
    ],
    refused: {
      ...settingsRefused,
      Topics: "it is for Kafka, which is not simulated as an event source",
      Queues: "it is for MQ, which is not simulated as an event source",
      SelfManagedEventSource: "it is for Kafka, which is not simulated as an event source",
    },
    async run(input, context: CallContext) {
      checkConstraints(input);
      const eventSourceArn = toSourceArn(input.EventSourceArn);
      const { facts, qualifier } = findFunction(input.FunctionName);
      const settings = isStreamArn(eventSourceArn)
        ? await toStreamSettings(input, eventSourceArn)
        : await toQueueSettings(input, eventSourceArn, facts);
      const mapping: EventSourceMapping = {
        ...settings,
        uuid: newUuid(),
        eventSourceArn,
        functionName: facts.functionName,
        ...(qualifier === undefined ? {} : { qualifier }),
        ...(input.Tags === undefined ? {} : { tags: input.Tags }),
        lastModifiedMs: clock.now(),
      };
      let existing = mappings.find(mapping);
      if (existing !== undefined && context.upsert === true) {
        await mappings.settled(existing.mapping.uuid);
        existing = mappings.find(mapping);
      }
      if (existing === undefined) {
        return answer(mapping, await mappings.create(mapping, context.upsert === true ? 0 : transitionMs));
      }
      const { uuid } = existing.mapping;
      if (context.upsert === true) return replace(existing.mapping, { ...mapping, uuid });
      throw resourceConflict(
        mapping.stream === undefined
          ? `An event source mapping with SQS arn (" ${eventSourceArn} ") and function (" ${facts.functionName} ") already exists. Please update or delete the existing mapping with UUID ${uuid}`
          : `The event source arn (" ${eventSourceArn} ") and function (" ${facts.functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${uuid}`,
      );
    },
  };

  const update: Operation<UpdateEventSourceMappingInput, EventSourceMappingConfiguration> = {
    name: "UpdateEventSourceMapping",
    honoured: ["UUID", "FunctionName", ...settingsHonoured],
    refused: settingsRefused,
    async run(input) {
      checkConstraints(input);
      const { mapping: before } = mustFind(input.UUID);
      const { qualifier: _qualifier, ...rest } = before;
      const target = input.FunctionName === undefined ? undefined : findFunction(input.FunctionName);
      const facts = target?.facts ?? functions.find(before.functionName, before.qualifier);
      if (facts === undefined) throw invalidParameter("Function does not exist");
      const qualifier = target === undefined ? before.qualifier : target.qualifier;
      const settings = mergeSettings(before, input);
      const stream = before.stream === undefined ? undefined : mergeStreamSettings(before.stream, input);
      if (stream === undefined) checkSettings(settings, input, await findQueue(before.eventSourceArn), facts);
      else {
        const source = { arn: before.eventSourceArn, streams: options.streams };
        await checkStreamSettings(stream, input, settings.filterPatterns, source);
      }
      const { maximumConcurrency: _concurrency, provisionedPollers: _pollers, metrics: _metrics, ...kept } = rest;
      const mapping: EventSourceMapping = {
        ...kept,
        ...settings,
        ...(stream === undefined ? {} : { stream }),
        functionName: facts.functionName,
        ...(qualifier === undefined ? {} : { qualifier }),
        lastModifiedMs: clock.now(),
      };
      return answer(mapping, await mappings.update(mapping, transitionMs));
    },
  };

  const get: Operation<{ UUID: string }, EventSourceMappingConfiguration> = {
    name: "GetEventSourceMapping",
    honoured: ["UUID"],
    async run(input) {
      const { mapping, state } = mustFind(input.UUID);
      return answer(mapping, state);
    },
  };

  const remove: Operation<DeleteEventSourceMappingInput, EventSourceMappingConfiguration> = {
    name: "DeleteEventSourceMapping",
    honoured: ["UUID", "EventSourceArn", "FunctionName"],
    async run(input, context: CallContext) {
      const { uuid } = mustFind(input.UUID ?? findNamed(mappings, input)?.mapping.uuid).mapping;
      if (context.upsert === true) await mappings.settled(uuid);
      return answer(await mappings.delete(uuid, context.upsert === true ? 0 : transitionMs), "Deleting");
    },
  };

  const list: Operation<ListEventSourceMappingsInput> = {
    name: "ListEventSourceMappings",
    honoured: ["EventSourceArn", "FunctionName", "Marker", "MaxItems"],
    async run(input) {
      checkRange("maxItems", input.MaxItems, 1, 10_000);
      const wanted = input.FunctionName === undefined ? undefined : parseFunctionName(input.FunctionName);
      const all = mappings
        .list()
        .filter(
          ({ mapping }) =>
            (input.EventSourceArn === undefined || mapping.eventSourceArn === input.EventSourceArn) &&
            (wanted === undefined ||
              (mapping.functionName === wanted.functionName && mapping.qualifier === wanted.qualifier)),
        );
      const max = Math.min(input.MaxItems ?? pageMax, pageMax);
      const { items, nextMarker } = paginate(all, ({ mapping }) => mapping.uuid, input.Marker, max);
      return {
        EventSourceMappings: items.map(({ mapping, state }) => answer(mapping, state)),
        ...(nextMarker === undefined ? {} : { NextMarker: nextMarker }),
      };
    },
  };
  return [create, get, list, update, remove];
}

function toSourceArn(arn: string | undefined): string {
  const service = parseArn(arn ?? "")?.service;
  if (arn !== undefined && (service === "sqs" || isStreamArn(arn))) return arn;
  if (service === undefined || !notSimulated.has(service)) throw invalidParameter("Unrecognized event source.");
  throw invalidParameter(
    `Tripline does not simulate event source mappings of ${service} yet: ${arn ?? ""}. Use a queue or a stream.`,
  );
}

function findNamed(mappings: EventSourceMappings, input: DeleteEventSourceMappingInput): MappingEntry | undefined {
  if (input.EventSourceArn === undefined || input.FunctionName === undefined) return undefined;
  return mappings.find({ eventSourceArn: input.EventSourceArn, ...parseFunctionName(input.FunctionName) });
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
