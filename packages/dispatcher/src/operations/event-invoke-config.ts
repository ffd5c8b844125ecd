/**
 * The five operations of event invoke configurations.
 * https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 */
import {
  type Clock,
  type FunctionDirectory,
  type Operation,
  parseArn,
  type Scope,
  ServiceError,
  toArn,
} from "@tripline/kernel";
import {
  type EventInvokeConfig,
  type EventInvokeConfigs,
  maximumEventAgeSecondsMax,
  maximumEventAgeSecondsMin,
  maximumRetryAttemptsMax,
} from "../async/event-invoke-config.ts";
import { parseFunctionName } from "../function-name.ts";
import { checkRange, invalidParameter, resourceNotFound } from "../lambda-errors.ts";
import { paginate } from "./paginate.ts";

/** Input of PutFunctionEventInvokeConfig and UpdateFunctionEventInvokeConfig. */
export interface EventInvokeConfigInput {
  FunctionName: string;
  Qualifier?: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: {
    OnSuccess?: { Destination?: string } | undefined;
    OnFailure?: { Destination?: string } | undefined;
  };
}

/** One configuration, as all of them answer. */
export interface EventInvokeConfigOutput {
  LastModified: Date;
  FunctionArn: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig: { OnSuccess: { Destination?: string }; OnFailure: { Destination?: string } };
}

/** What the operations need. */
export interface EventInvokeConfigOptions {
  clock: Clock;
  scope: Scope;
  functions: FunctionDirectory;
  configs: EventInvokeConfigs;
}

interface ConfigName {
  FunctionName: string;
  Qualifier?: string;
}

const nameMembers = ["FunctionName", "Qualifier"];
const configMembers = [...nameMembers, "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"];
/** Where Tripline can send an outcome; the others are refused by name. */
const simulatedDestinations = new Set(["sqs", "lambda", "s3"]);
const knownDestinations = new Set(["sqs", "lambda", "sns", "events", "s3"]);
const arnPattern =
  "$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)";

/** Put, Update, Get, Delete and List. */
export function createEventInvokeConfigOperations(options: EventInvokeConfigOptions): Operation[] {
  const { clock, scope, functions, configs } = options;

  const nameOf = (input: ConfigName): { functionName: string; qualifier: string; functionArn: string } => {
    const { functionName, qualifier = "$LATEST" } = parseFunctionName(input.FunctionName, input.Qualifier);
    return {
      functionName,
      qualifier,
      functionArn: `${toArn(scope, "lambda", `function:${functionName}`)}:${qualifier}`,
    };
  };
  const mustExist = (input: ConfigName): void => {
    if (functions.find(input.FunctionName, input.Qualifier) === undefined) {
      throw resourceNotFound("The function doesn't exist.");
    }
  };
  const findConfig = (input: ConfigName): EventInvokeConfig => {
    const { functionName, qualifier, functionArn } = nameOf(input);
    const config = configs.get(functionName, qualifier);
    if (config === undefined) throw resourceNotFound(`The function ${functionArn} doesn't have an EventInvokeConfig`);
    return config;
  };
  const toOutput = (config: EventInvokeConfig): EventInvokeConfigOutput => ({
    LastModified: new Date(config.lastModifiedMs),
    FunctionArn: nameOf({ FunctionName: config.functionName, Qualifier: config.qualifier }).functionArn,
    ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
    DestinationConfig: {
      OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
      OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
    },
  });

  const check = (input: EventInvokeConfigInput): void => {
    checkRange("maximumRetryAttempts", input.MaximumRetryAttempts, 0, maximumRetryAttemptsMax);
    const age = input.MaximumEventAgeInSeconds;
    checkRange("maximumEventAgeInSeconds", age, maximumEventAgeSecondsMin, maximumEventAgeSecondsMax);
    checkPattern("destinationConfig.onSuccess.destination", input.DestinationConfig?.OnSuccess?.Destination);
    checkPattern("destinationConfig.onFailure.destination", input.DestinationConfig?.OnFailure?.Destination);
    nameOf(input);
    mustExist(input);
    if (input.MaximumRetryAttempts === undefined && age === undefined && input.DestinationConfig === undefined) {
      throw invalidParameter("You must specify at least one of error handling or destination setting.");
    }
    for (const destination of destinationsOf(input)) checkDestination(input, destination);
  };

  const checkDestination = (input: EventInvokeConfigInput, destination: string): void => {
    const service = parseArn(destination)?.service ?? "";
    const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
    const isBucketOfSuccess = service === "s3" && destination === OnSuccess?.Destination;
    if (!knownDestinations.has(service) || isBucketOfSuccess) {
      const success = OnSuccess === undefined ? "null" : `OnSuccess(destination=${OnSuccess.Destination ?? "null"})`;
      const failure = OnFailure === undefined ? "null" : `OnFailure(destination=${OnFailure.Destination ?? "null"})`;
      throw invalidParameter(
        `The provided destination config DestinationConfig(onSuccess=${success}, onFailure=${failure}) is invalid.`,
      );
    }
    if (!simulatedDestinations.has(service)) {
      throw invalidParameter(
        `Tripline does not simulate ${service} destinations yet: ${destination}. Use a queue, a function or, for failures, a bucket.`,
      );
    }
    if (service !== "lambda") return;
    const target = functions.find(destination);
    if (target === undefined) throw invalidParameter(`The destination ARN ${destination} is invalid.`);
    if (target.functionName === nameOf(input).functionName) {
      throw invalidParameter("You can't specify the function as a destination for itself.");
    }
  };

  const put: Operation<EventInvokeConfigInput, EventInvokeConfigOutput> = {
    name: "PutFunctionEventInvokeConfig",
    honoured: configMembers,
    async run(input) {
      check(input);
      const { functionName, qualifier } = nameOf(input);
      const config: EventInvokeConfig = { functionName, qualifier, lastModifiedMs: clock.now(), ...toSettings(input) };
      await configs.put(config);
      return toOutput(config);
    },
  };
  const update: Operation<EventInvokeConfigInput, EventInvokeConfigOutput> = {
    name: "UpdateFunctionEventInvokeConfig",
    honoured: configMembers,
    async run(input) {
      check(input);
      const merged = { ...findConfig(input), lastModifiedMs: clock.now(), ...toSettings(input) };
      const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
      if (OnSuccess !== undefined && isNone(OnSuccess.Destination)) delete merged.onSuccess;
      if (OnFailure !== undefined && isNone(OnFailure.Destination)) delete merged.onFailure;
      await configs.put(merged);
      return toOutput(merged);
    },
  };
  const get: Operation<ConfigName, EventInvokeConfigOutput> = {
    name: "GetFunctionEventInvokeConfig",
    honoured: nameMembers,
    run: async (input) => toOutput(findConfig(input)),
  };
  const remove: Operation<ConfigName, Record<string, never>> = {
    name: "DeleteFunctionEventInvokeConfig",
    honoured: nameMembers,
    async run(input) {
      const { functionName, qualifier } = findConfig(input);
      await configs.delete(functionName, qualifier);
      return {};
    },
  };
  const list: Operation<{ FunctionName: string; Marker?: string; MaxItems?: number }> = {
    name: "ListFunctionEventInvokeConfigs",
    honoured: ["FunctionName", "Marker", "MaxItems"],
    async run(input) {
      checkRange("maxItems", input.MaxItems, 1, 50);
      const { functionName } = nameOf({ FunctionName: input.FunctionName });
      mustExist({ FunctionName: functionName });
      const page = paginate(
        configs.list(functionName),
        ({ qualifier }) => qualifier,
        input.Marker,
        input.MaxItems ?? 50,
      );
      const { items, nextMarker } = page;
      return {
        FunctionEventInvokeConfigs: items.map(toOutput),
        ...(nextMarker === undefined ? {} : { NextMarker: nextMarker }),
      };
    },
  };
  return [put, update, get, remove, list];
}

/** What the input sets; an empty destination is none. */
function toSettings(input: EventInvokeConfigInput): Partial<EventInvokeConfig> {
  const onSuccess = input.DestinationConfig?.OnSuccess?.Destination;
  const onFailure = input.DestinationConfig?.OnFailure?.Destination;
  return {
    ...(input.MaximumRetryAttempts === undefined ? {} : { maximumRetryAttempts: input.MaximumRetryAttempts }),
    ...(input.MaximumEventAgeInSeconds === undefined ? {} : { maximumEventAgeSeconds: input.MaximumEventAgeInSeconds }),
    ...(onSuccess === undefined || isNone(onSuccess) ? {} : { onSuccess }),
    ...(onFailure === undefined || isNone(onFailure) ? {} : { onFailure }),
  };
}

function isNone(destination: string | undefined): boolean {
  return destination === undefined || destination === "";
}

function destinationsOf(input: EventInvokeConfigInput): string[] {
  const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
  return [OnSuccess?.Destination, OnFailure?.Destination].flatMap((one) =>
    one === undefined || one === "" ? [] : [one],
  );
}

function checkPattern(member: string, destination: string | undefined): void {
  if (destination === undefined || new RegExp(`^(?:${arnPattern})$`).test(destination)) return;
  throw new ServiceError(
    "ValidationException",
    `1 validation error detected: Value '${destination}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${arnPattern}`,
  );
}
