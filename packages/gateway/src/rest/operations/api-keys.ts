/** CreateApiKey, GetApiKey(s), UpdateApiKey, DeleteApiKey, ImportApiKeys. https://docs.aws.amazon.com/apigateway/latest/api/API_ApiKey.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, notFound, notSimulated } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import type { ApiKey } from "../definition/account-store.ts";
import {
  applyPatch,
  type PatchErrors,
  type PatchOperation,
  type PatchRule,
  setMember,
  shortErrors,
  toBoolean,
} from "../patch/patch-operations.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";
import { addKeyToPlan } from "./usage-plan-keys.ts";

/** Input of CreateApiKey. */
export interface CreateApiKeyInput {
  name?: string;
  description?: string;
  enabled?: boolean;
  generateDistinctId?: boolean;
  value?: string;
  stageKeys?: { restApiId?: string; stageName?: string }[];
  customerId?: string;
  tags?: Record<string, string>;
}

/** The operations of API keys. */
export function apiKeyOperations(house: GatewayHouse): Operation[] {
  const { account, clock } = house;
  return [
    restOperation<CreateApiKeyInput>(
      "CreateApiKey",
      ["name", "description", "enabled", "generateDistinctId", "value", "stageKeys", "customerId", "tags"],
      async (input, context) => {
        const key = toApiKey(house, input, context.upsert === true);
        await account.put("keys", key.id, key);
        return toWireKey(key, true, false);
      },
    ),
    restOperation<{ apiKey: string; includeValue?: boolean }>(
      "GetApiKey",
      ["apiKey", "includeValue"],
      async ({ apiKey, includeValue }) => toWireKey(apiKeyOf(house, apiKey), includeValue === true, true),
    ),
    restOperation<{ nameQuery?: string; customerId?: string; includeValues?: boolean } & PageInput>(
      "GetApiKeys",
      ["nameQuery", "customerId", "includeValues", ...pageMembers],
      async ({ nameQuery = "", customerId, includeValues, ...which }) =>
        page(
          [...account.keys.values()]
            .filter(
              (key) =>
                (key.name ?? "").startsWith(nameQuery) && (customerId === undefined || key.customerId === customerId),
            )
            .map((key) => toWireKey(key, includeValues === true, false)),
          which,
        ),
    ),
    restOperation<{ apiKey: string; patchOperations?: PatchOperation[] }>(
      "UpdateApiKey",
      ["apiKey", "patchOperations"],
      async ({ apiKey, patchOperations }) => {
        const next = { ...apiKeyOf(house, apiKey), lastUpdatedAtMs: clock.now() };
        applyPatch("updateApiKeyInput", patchOperations, keyRules(house, next), keyErrors);
        await account.put("keys", next.id, checkTexts(next));
        return toWireKey(next, false, true);
      },
    ),
    restOperation<{ apiKey: string }>("DeleteApiKey", ["apiKey"], async ({ apiKey }) => {
      const { id } = apiKeyOf(house, apiKey);
      for (const plan of account.plans.values())
        if (plan.keyIds.includes(id))
          await account.put("plans", plan.id, { ...plan, keyIds: plan.keyIds.filter((one) => one !== id) });
      await account.remove("keys", id);
      return {};
    }),
    restOperation<{ body: Uint8Array; format: string; failOnWarnings?: boolean }>(
      "ImportApiKeys",
      ["body", "format", "failOnWarnings"],
      ({ body, format, failOnWarnings = false }) =>
        importKeys(house, Buffer.from(body).toString(), format, failOnWarnings),
    ),
  ];
}

/** AWS names the paths of texts alone. */
const keyErrors: PatchErrors = {
  ...shortErrors,
  unknownPath: ({ op, path }) =>
    badRequest(
      `Invalid patch path  '${path ?? "null"}' specified for op '${op ?? ""}'. Must be one of: [/description, /enabled, /name, /customerId]`,
    ),
};

function keyRules(house: GatewayHouse, next: ApiKey): PatchRule[] {
  const stage = (value = ""): string => {
    checkStageKey(house, value);
    return value;
  };
  return [
    {
      path: "/enabled",
      ops: {
        replace: ({ value }) => {
          next.enabled = toBoolean(value);
        },
      },
    },
    {
      path: "/name",
      ops: {
        replace: ({ value }) => {
          setMember(next, "name", value);
        },
      },
    },
    {
      path: "/description",
      ops: {
        replace: ({ value }) => {
          setMember(next, "description", value);
        },
      },
    },
    {
      path: "/customerId",
      ops: {
        replace: ({ value }) => {
          setMember(next, "customerId", value);
        },
      },
    },
    {
      path: "/stages",
      ops: {
        add: ({ value }) => {
          next.stageKeys = [...next.stageKeys, stage(value)];
        },
        remove: ({ value }) => {
          next.stageKeys = next.stageKeys.filter((one) => one !== value);
        },
      },
    },
    { path: "/labels", ops: { add: refuseLabels, remove: refuseLabels } },
  ];
}

function refuseLabels(): void {
  throw notSimulated("labels of API keys: use tags");
}

/** `Invalid API Key identifier specified` */
export function apiKeyOf({ account }: GatewayHouse, id: string): ApiKey {
  const key = account.keys.get(id);
  if (key === undefined) throw notFound("Invalid API Key identifier specified");
  return key;
}

function toApiKey(house: GatewayHouse, input: CreateApiKeyInput, upsert: boolean): ApiKey {
  const { account, clock, rng } = house;
  const chosen = input.tags?.["tripline:id"];
  const known = upsert && chosen !== undefined ? account.keys.get(chosen) : undefined;
  const given = input.value === "" ? undefined : input.value;
  const value = given ?? known?.value ?? newId(rng, 40);
  if (value.length < 20) throw badRequest("API Key value should be at least 20 characters");
  if (value.length > 128) throw badRequest("API Key value exceeds maximum size of 128 characters");
  for (const other of account.keys.values())
    if (other.value === value && other.id !== chosen) throw conflict("API Key already exists");
  const stageKeys = (input.stageKeys ?? []).map(({ restApiId = "", stageName = "" }) => `${restApiId}/${stageName}`);
  for (const one of stageKeys) checkStageKey(house, one);
  const nowMs = clock.now();
  const key: ApiKey = {
    id: chosen ?? (input.generateDistinctId === false && given !== undefined ? given : newId(rng, 10)),
    value,
    enabled: input.enabled ?? false,
    createdAtMs: known?.createdAtMs ?? nowMs,
    lastUpdatedAtMs: nowMs,
    stageKeys,
    tags: input.tags ?? {},
  };
  setMember(key, "name", input.name === "" ? undefined : input.name);
  setMember(key, "description", input.description);
  setMember(key, "customerId", input.customerId);
  return checkTexts(key);
}

function checkTexts(key: ApiKey): ApiKey {
  const { name = "", description = "" } = key;
  if (name.length > 1024) throw badRequest("Invalid API Key name, can be at most 1024 characters.");
  if (description.length > 125_000) throw badRequest("Invalid API Key description specified.");
  return key;
}

function checkStageKey({ rest }: GatewayHouse, stageKey: string): void {
  const [apiId = "", stage = ""] = stageKey.split("/");
  if (rest.get(apiId)?.stages.has(stage) !== true) throw badRequest("Invalid stage identifier specified");
}

function toWireKey(key: ApiKey, withValue: boolean, withTags: boolean): object {
  const { value, createdAtMs, lastUpdatedAtMs, tags, ...rest } = key;
  const shown = Object.fromEntries(Object.entries(tags).filter(([name]) => name !== "tripline:id"));
  return {
    ...rest,
    ...(withValue ? { value } : {}),
    createdDate: new Date(createdAtMs),
    lastUpdatedDate: new Date(lastUpdatedAtMs),
    ...(withTags || Object.keys(shown).length > 0 ? { tags: shown } : {}),
  };
}

/** Rows under `Name,Key[,Description][,Enabled][,UsagePlanIds]`; a row that cannot be is a warning. */
async function importKeys(house: GatewayHouse, text: string, format: string, failOnWarnings: boolean): Promise<object> {
  if (format !== "csv") throw badRequest(`Invalid format specified: ${format}. Must be csv`);
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((one) => one.trim().toLowerCase());
  if (!names.includes("name") || !names.includes("key"))
    throw badRequest("The CSV file must have the columns Name and Key");
  const warnings: string[] = [];
  const made: { key: ApiKey; planIds: string[] }[] = [];
  for (const [index, row] of rows.entries()) {
    const cell = (name: string): string | undefined => {
      const value = row[names.indexOf(name)]?.trim();
      return names.includes(name) && value !== "" ? value : undefined;
    };
    try {
      const value = cell("key");
      const name = cell("name");
      const description = cell("description");
      const key = toApiKey(
        house,
        {
          enabled: cell("enabled")?.toLowerCase() !== "false",
          ...(value === undefined ? {} : { value }),
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
        },
        false,
      );
      made.push({ key, planIds: cell("usageplanids")?.split(/[,;\s]+/) ?? [] });
    } catch (error) {
      warnings.push(`Line ${index + 2}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failOnWarnings && warnings.length > 0) throw badRequest(warnings.join("; "));
  for (const { key, planIds } of made) {
    await house.account.put("keys", key.id, key);
    for (const planId of planIds) await addKeyToPlan(house, planId, key.id);
  }
  return { ids: made.map(({ key }) => key.id), ...(warnings.length === 0 ? {} : { warnings }) };
}

/** Comma-separated values, of which some are quoted. */
function parseCsv(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) =>
      Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
        quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
      ),
    );
}
