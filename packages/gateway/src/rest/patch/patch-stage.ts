/**
 * UpdateStage. https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
 *
 * U1. While a stage has a canary, `/deploymentId` is the canary's.
 * U2. Copying `/canarySettings/deploymentId` and `/canarySettings/stageVariableOverrides` promotes the canary.
 * U3. A setting of one method begins with what is set for every method.
 * U4. A map that is replaced whole is JSON: AWS documents the path, and not the text.
 */
import type { ServiceError } from "@tripline/kernel";
import { badRequest, notSimulated } from "../../errors.ts";
import {
  type CanarySettings,
  type MethodSetting,
  methodSettingDefaults,
  type RestApi,
  type RestStage,
} from "../definition/rest-api.ts";
import { checkVariables } from "../../stage-variables.ts";
import {
  applyPatch,
  type PatchErrors,
  type PatchOperation,
  type PatchRule,
  setMember,
  toBoolean,
  withEntry,
} from "./patch-operations.ts";

const methodPaths =
  "/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy";
/** As AWS words it, missing commas and all. */
const allowed = `[/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, ${methodPaths}, /variables/{variable_name}, /tracingEnabled]`;

const cannotRemove = (what: string): ServiceError =>
  badRequest(`Cannot remove method setting ${what} because there is no method setting for this method `);
const badLogPath = (): ServiceError =>
  badRequest(
    "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]",
  );

const errors: PatchErrors = {
  unknownPath: ({ op, path = "" }) => {
    const [, first = "", second = "", third] = path.split("/");
    if (op === "remove" && second !== "" && third === undefined && first !== "tags")
      return cannotRemove(`${first}/${second}`);
    if (first === "accessLogSettings") return badLogPath();
    return badRequest(`Invalid method setting path: ${path}. Must be one of: ${allowed}`);
  },
  unsupportedOp: (operation, rule) => {
    const [, first = "", second = ""] = (operation.path ?? "").split("/");
    if (first === "accessLogSettings")
      return operation.op === "remove" ? cannotRemove(`${first}/${second}`) : badLogPath();
    if (rule.path === "/{resourcePath}/{httpMethod}")
      return badRequest(`Invalid method setting path: ${operation.path ?? "null"}. Must be one of: ${allowed}`);
    return badRequest(`Invalid patch operation specified. Must be one of: [${Object.keys(rule.ops).join(", ")}]`);
  },
};

/** The stage after `operations`; throws what AWS answers to one that cannot be. */
export function patchStage(
  api: RestApi,
  stage: RestStage,
  operations: PatchOperation[] | undefined,
  keepsLogs: boolean,
): RestStage {
  const next = { ...stage };
  applyPatch(
    "updateStageInput",
    operations,
    [
      ...stageRules(api, next),
      ...canaryRules(api, next),
      ...logRules(next, keepsLogs),
      ...methodRules(next, keepsLogs),
    ],
    errors,
  );
  return next;
}

/** Throws BadRequestException for a version that the API does not have. */
export function checkDocumentationVersion(api: RestApi, version: string): void {
  if (!api.documentationVersions.has(version)) throw badRequest("Invalid Documentation version specified");
}

function stageRules(api: RestApi, next: RestStage): PatchRule[] {
  const deploy = (id: string): void => {
    if (!api.deployments.has(id)) throw badRequest("Invalid deployment identifier specified");
    if (next.canarySettings === undefined) next.deploymentId = id;
    else next.canarySettings = { ...next.canarySettings, deploymentId: id }; // U1
  };
  const setVariable = ({ value = "" }: PatchOperation, [name = ""]: string[]): void => {
    checkVariables({ [name]: value });
    setMember(next, "variables", withEntry(next.variables, name, value));
  };
  const refused = (what: string) => ({
    replace: (): void => {
      throw notSimulated(what);
    },
  });
  const canary = (): CanarySettings => {
    if (next.canarySettings === undefined) throw badRequest("Promotion not available. Canary does not exist.");
    return next.canarySettings;
  };
  return [
    {
      path: "/deploymentId",
      ops: {
        replace: ({ value = "" }) => {
          deploy(value);
        },
        copy: ({ from }) => {
          if (from !== "/canarySettings/deploymentId") throw badRequest("Invalid copy from path");
          next.deploymentId = canary().deploymentId; // U2
        },
      },
    },
    {
      path: "/variables",
      ops: {
        copy: ({ from }) => {
          if (from !== "/canarySettings/stageVariableOverrides") throw badRequest("Invalid copy from path");
          const { stageVariableOverrides } = canary();
          if (stageVariableOverrides !== undefined) next.variables = { ...next.variables, ...stageVariableOverrides };
        },
        replace: ({ value }) => {
          next.variables = parseVariables(value);
        },
        remove: () => {
          delete next.variables;
        },
      },
    },
    {
      path: "/variables/{name}",
      ops: {
        add: setVariable,
        replace: setVariable,
        remove: (_one, [name = ""]) => {
          setMember(next, "variables", withEntry(next.variables, name, undefined));
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
      path: "/cacheClusterEnabled",
      ops: {
        replace: ({ value }) => {
          next.cacheClusterEnabled = toBoolean(value);
        },
      },
    },
    {
      path: "/cacheClusterSize",
      ops: {
        replace: ({ value = "" }) => {
          if (!/^(?:0\.5|1\.6|6\.1|13\.5|28\.4|58\.2|118|237)$/.test(value))
            throw badRequest(`Invalid cache cluster size specified: ${value}`);
          next.cacheClusterSize = value;
        },
      },
    },
    {
      path: "/tracingEnabled",
      ops: {
        replace: ({ value }) => {
          if (toBoolean(value)) throw notSimulated("X-Ray tracing");
        },
      },
    },
    { path: "/clientCertificateId", ops: refused("client certificates") },
    {
      path: "/documentationVersion",
      ops: {
        replace: ({ value = "" }) => {
          if (value !== "") checkDocumentationVersion(api, value);
          setMember(next, "documentationVersion", value === "" ? undefined : value);
        },
      },
    },
  ];
}

/** U4. Throws BadRequestException for another text. */
function parseVariables(text = ""): Readonly<Record<string, string>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // told below
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest("Invalid variables specified: a map as JSON is");
  return checkVariables(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)])));
}

function canaryRules(api: RestApi, next: RestStage): PatchRule[] {
  const edit = (change: Partial<CanarySettings>): void => {
    const known = next.canarySettings ?? { percentTraffic: 0, deploymentId: next.deploymentId, useStageCache: false };
    next.canarySettings = { ...known, ...change };
  };
  const setOverride = ({ value }: PatchOperation, [name = ""]: string[]): void => {
    const { stageVariableOverrides: _before, ...rest } = next.canarySettings ?? {
      percentTraffic: 0,
      deploymentId: next.deploymentId,
      useStageCache: false,
    };
    const overrides = withEntry(_before, name, value);
    next.canarySettings = { ...rest, ...(overrides === undefined ? {} : { stageVariableOverrides: overrides }) };
  };
  return [
    {
      path: "/canarySettings",
      ops: {
        remove: () => {
          delete next.canarySettings;
        },
      },
    },
    {
      path: "/canarySettings/percentTraffic",
      ops: {
        replace: ({ value }) => {
          const percent = Number(value);
          if (!(percent >= 0 && percent <= 100))
            throw badRequest("Invalid percentTraffic: must be between 0.0 and 100.0");
          edit({ percentTraffic: percent });
        },
      },
    },
    {
      path: "/canarySettings/deploymentId",
      ops: {
        replace: ({ value = "" }) => {
          if (!api.deployments.has(value)) throw badRequest("Invalid deployment identifier specified");
          edit({ deploymentId: value });
        },
      },
    },
    {
      path: "/canarySettings/useStageCache",
      ops: {
        replace: ({ value }) => {
          edit({ useStageCache: toBoolean(value) });
        },
      },
    },
    {
      path: "/canarySettings/stageVariableOverrides",
      ops: {
        replace: ({ value }) => {
          edit({ stageVariableOverrides: parseVariables(value) });
        },
      },
    },
    {
      path: "/canarySettings/stageVariableOverrides/{name}",
      ops: {
        add: setOverride,
        replace: setOverride,
        remove: (_one, names) => {
          setOverride({ op: "remove" }, names);
        },
      },
    },
  ];
}

function logRules(next: RestStage, keepsLogs: boolean): PatchRule[] {
  const set =
    (member: "format" | "destinationArn") =>
    ({ value = "" }: PatchOperation): void => {
      if (value === "") throw badRequest("Access Log value must not be empty");
      if (!keepsLogs) throw notSimulated("access logs: nothing keeps them here");
      if (member === "format" && !/\$context\.(?:requestId|extendedRequestId)\b/.test(value))
        throw badRequest(
          "Invalid accessLogSettings format. The format must include $context.requestId or $context.extendedRequestId",
        );
      if (member === "destinationArn" && !/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:.+/.test(value))
        throw notSimulated(`access logs to ${value}: a log group's ARN is`);
      next.accessLogSettings = {
        ...next.accessLogSettings,
        [member]: member === "destinationArn" ? value.replace(/:\*$/, "") : value,
      };
    };
  const both = (member: "format" | "destinationArn"): PatchRule => ({
    path: `/accessLogSettings/${member}`,
    // AWS documents their removal too, and refuses it.
    ops: { add: set(member), replace: set(member) },
  });
  return [
    both("destinationArn"),
    both("format"),
    {
      path: "/accessLogSettings",
      ops: {
        remove: () => {
          delete next.accessLogSettings;
        },
      },
    },
  ];
}

const strategies = ["FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"];

function methodRules(next: RestStage, keepsLogs: boolean): PatchRule[] {
  const rule = (path: string, toSetting: (value: string) => Partial<MethodSetting>): PatchRule => ({
    path: `/{resourcePath}/{httpMethod}/${path}`,
    ops: {
      replace: ({ value = "" }, [resource = "", verb = ""]) => {
        const key = `${resource.replaceAll("/", "~1")}/${verb}`;
        const known = next.methodSettings[key] ?? next.methodSettings["*/*"] ?? methodSettingDefaults; // U3
        next.methodSettings = { ...next.methodSettings, [key]: { ...known, ...toSetting(value) } };
      },
    },
  });
  const limit = (value: string): number => {
    const number = Number(value);
    if (value === "" || !(number >= 0)) throw badRequest(`Invalid throttling limit specified: ${value}`);
    return number;
  };
  return [
    rule("metrics/enabled", (value) => {
      if (toBoolean(value)) throw notSimulated("detailed CloudWatch metrics");
      return { metricsEnabled: false };
    }),
    rule("logging/loglevel", (value) => {
      if (!/^(?:OFF|ERROR|INFO)$/.test(value))
        throw badRequest(`Invalid logging level specified: ${value}. Must be one of: [OFF, ERROR, INFO]`);
      if (value !== "OFF" && !keepsLogs) throw notSimulated("execution logs: nothing keeps them here");
      return { loggingLevel: value };
    }),
    rule("logging/dataTrace", (value) => ({ dataTraceEnabled: toBoolean(value) })),
    rule("throttling/burstLimit", (value) => ({ throttlingBurstLimit: limit(value) })),
    rule("throttling/rateLimit", (value) => ({ throttlingRateLimit: limit(value) })),
    rule("caching/ttlInSeconds", (value) => {
      const seconds = Number(value);
      if (!(seconds >= 0 && seconds <= 3600))
        throw badRequest("Invalid cache TTL specified: must be between 0 and 3600 seconds");
      return { cacheTtlInSeconds: seconds };
    }),
    rule("caching/enabled", (value) => ({ cachingEnabled: toBoolean(value) })),
    rule("caching/dataEncrypted", (value) => ({ cacheDataEncrypted: toBoolean(value) })),
    rule("caching/requireAuthorizationForCacheControl", (value) => ({
      requireAuthorizationForCacheControl: toBoolean(value),
    })),
    rule("caching/unauthorizedCacheControlHeaderStrategy", (value) => {
      if (!strategies.includes(value))
        throw badRequest(`Invalid unauthorizedCacheControlHeaderStrategy specified: ${value}`);
      return { unauthorizedCacheControlHeaderStrategy: value };
    }),
    {
      path: "/{resourcePath}/{httpMethod}",
      ops: {
        remove: (_one, [resource = "", verb = ""]) => {
          const key = `${resource.replaceAll("/", "~1")}/${verb}`;
          if (next.methodSettings[key] === undefined) throw cannotRemove(key);
          const { [key]: _gone, ...rest } = next.methodSettings;
          next.methodSettings = rest;
        },
      },
    },
  ];
}
