/** The four operations on provisioned concurrency. https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html */
import { type Operation, ServiceError } from "@tripline/kernel";
import { functionNotFound, invalidParameter, resourceConflict } from "../errors.ts";
import { type FunctionDefinition, latestVersion } from "../function-definition.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { limits } from "../limits.ts";
import { checkQualifier, constraintBroken } from "../member-constraints.ts";
import { aliasNotFound, isAliasName } from "../policy/policy-target.ts";
import type { ProvisionedConcurrency, ProvisionedEntry } from "../provisioned/provisioned-concurrency.ts";

interface VersionInput {
  FunctionName: string;
  Qualifier: string;
}

/** What all of them answer of a configuration. */
export interface ProvisionedConfigOutput {
  RequestedProvisionedConcurrentExecutions: number;
  AvailableProvisionedConcurrentExecutions: number;
  AllocatedProvisionedConcurrentExecutions: number;
  Status: string;
  StatusReason?: string;
  LastModified: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html */
export function putProvisionedConcurrencyConfigOperation(
  house: LambdaHouse,
  provisioned: ProvisionedConcurrency,
): Operation<VersionInput & { ProvisionedConcurrentExecutions: number }, ProvisionedConfigOutput> {
  return {
    name: "PutProvisionedConcurrencyConfig",
    honoured: ["FunctionName", "Qualifier", "ProvisionedConcurrentExecutions"],
    async run(input, context) {
      const requested = input.ProvisionedConcurrentExecutions;
      if (requested < 1) {
        throw constraintBroken("provisionedConcurrentExecutions", requested, "have value greater than or equal to 1");
      }
      const target = findVersion(
        house,
        input,
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
      );
      const { functionName, qualifier, definition } = target;
      checkOverlap(house, provisioned, target);
      checkRoom(house, provisioned, functionName, qualifier, requested);
      const before = provisioned.get(functionName, qualifier);
      const isSame =
        before?.config.requested === requested && before.version === definition.version && before.status !== "FAILED";
      if (context.upsert === true && before !== undefined && isSame) return toOutput(before);
      const config = { functionName, qualifier, requested, lastModifiedMs: house.clock.now() };
      return toOutput(await provisioned.put(config, definition, context.upsert === true));
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html */
export function getProvisionedConcurrencyConfigOperation(
  house: LambdaHouse,
  provisioned: ProvisionedConcurrency,
): Operation<VersionInput, ProvisionedConfigOutput> {
  return {
    name: "GetProvisionedConcurrencyConfig",
    honoured: ["FunctionName", "Qualifier"],
    async run(input) {
      const { functionName, qualifier } = findVersion(house, input, notPublished);
      const entry = provisioned.get(functionName, qualifier);
      if (entry !== undefined) return toOutput(entry);
      throw new ServiceError(
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function",
        { status: 404, members: { Type: "User" } },
      );
    },
  };
}

/** One that is not there is deleted as well. https://docs.aws.amazon.com/lambda/latest/api/API_DeleteProvisionedConcurrencyConfig.html */
export function deleteProvisionedConcurrencyConfigOperation(
  house: LambdaHouse,
  provisioned: ProvisionedConcurrency,
): Operation<VersionInput, Record<string, never>> {
  return {
    name: "DeleteProvisionedConcurrencyConfig",
    honoured: ["FunctionName", "Qualifier"],
    async run(input) {
      const { functionName, qualifier } = findVersion(house, input, notPublished);
      const entry = provisioned.get(functionName, qualifier);
      if (entry !== undefined) await provisioned.delete(entry);
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListProvisionedConcurrencyConfigs.html */
export function listProvisionedConcurrencyConfigsOperation(
  { registry }: LambdaHouse,
  provisioned: ProvisionedConcurrency,
): Operation<{ FunctionName: string; Marker?: string; MaxItems?: number }> {
  return {
    name: "ListProvisionedConcurrencyConfigs",
    honoured: ["FunctionName", "Marker", "MaxItems"],
    async run({ FunctionName, Marker, MaxItems = pageMax }) {
      if (MaxItems < 1) throw constraintBroken("maxItems", MaxItems, "have value greater than or equal to 1");
      if (MaxItems > pageMax)
        throw constraintBroken("maxItems", MaxItems, `have value less than or equal to ${pageMax}`);
      const { functionName } = parseFunctionReference(FunctionName);
      const functionArn = registry.describe(functionName).functionArn;
      const all = provisioned.of(functionName);
      const after =
        Marker === undefined || Marker === "" ? -1 : all.findIndex((one) => one.config.qualifier === Marker);
      const page = all.slice(after + 1, after + 1 + MaxItems);
      const last = page.at(-1);
      return {
        ProvisionedConcurrencyConfigs: page.map((entry) => ({
          FunctionArn: `${functionArn}:${entry.config.qualifier}`,
          ...toOutput(entry),
        })),
        ...(last !== undefined && last !== all.at(-1) ? { NextMarker: last.config.qualifier } : {}),
      };
    },
  };
}

const pageMax = 50;
const notPublished = "The function resource provided must be an alias or a published version.";

interface VersionTarget {
  functionName: string;
  qualifier: string;
  definition: FunctionDefinition;
}

/** Throws `onLatest` for `$LATEST`. */
function findVersion({ registry }: LambdaHouse, input: VersionInput, onLatest: string): VersionTarget {
  checkQualifier(input.Qualifier);
  const { functionName, qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
  if (qualifier === undefined || qualifier === latestVersion) throw invalidParameter(onLatest);
  const arn = registry.toArn(functionName);
  const alias = registry.alias(functionName, qualifier);
  if (registry.find(functionName, qualifier) === undefined) {
    throw isAliasName(qualifier) ? aliasNotFound(`${arn}:${qualifier}`) : functionNotFound(arn, qualifier);
  }
  if (alias?.functionVersion === latestVersion) throw invalidParameter(onLatest);
  if (alias !== undefined && Object.keys(alias.additionalVersionWeights ?? {}).length > 0) {
    throw invalidParameter("Alias with weights can not be used with Provisioned Concurrency");
  }
  return { functionName, qualifier, definition: registry.describe(functionName, qualifier) };
}

/** A version is provisioned by its number, or by one alias. */
function checkOverlap(
  { registry }: LambdaHouse,
  provisioned: ProvisionedConcurrency,
  { functionName, qualifier, definition }: VersionTarget,
): void {
  const others = provisioned.of(functionName).filter(({ config }) => config.qualifier !== qualifier);
  const other = others.find(({ version }) => version === definition.version);
  if (other === undefined) return;
  if (registry.alias(functionName, qualifier) !== undefined) {
    throw resourceConflict(
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    );
  }
  throw resourceConflict("Version is pointed by a Provisioned Concurrency alias");
}

/** Within the function's reservation, or what the account has left for all. */
function checkRoom(
  { registry, accountConcurrency }: LambdaHouse,
  provisioned: ProvisionedConcurrency,
  functionName: string,
  qualifier: string,
  requested: number,
): void {
  const before = provisioned.get(functionName, qualifier)?.config.requested ?? 0;
  const own = provisioned.total(functionName) - before;
  const { reservedConcurrency } = registry.settings(functionName);
  if (reservedConcurrency !== undefined) {
    if (own + requested <= reservedConcurrency) return;
    throw invalidParameter(
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
    );
  }
  let unreserved = accountConcurrency + before;
  for (const one of registry.list()) {
    unreserved -= registry.settings(one.functionName).reservedConcurrency ?? provisioned.total(one.functionName);
  }
  if (requested > unreserved) {
    throw new ServiceError(
      "InvalidParameterValueException",
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${unreserved}].`,
    );
  }
  if (unreserved - requested >= limits.unreservedConcurrencyMin) return;
  throw new ServiceError(
    "InvalidParameterValueException",
    `Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${limits.unreservedConcurrencyMin}].`,
  );
}

function toOutput({ config, allocated, status, statusReason }: ProvisionedEntry): ProvisionedConfigOutput {
  return {
    RequestedProvisionedConcurrentExecutions: config.requested,
    AvailableProvisionedConcurrentExecutions: allocated,
    AllocatedProvisionedConcurrentExecutions: allocated,
    Status: status,
    ...(statusReason === undefined ? {} : { StatusReason: statusReason }),
    LastModified: new Date(config.lastModifiedMs).toISOString().replace(/\.\d+Z$/, "+0000"),
  };
}
