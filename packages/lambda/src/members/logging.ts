import { invalidParameter } from "../errors.ts";
import type { FunctionDefinition } from "../function-definition.ts";
import { atMost, matching, oneOf } from "./constraints.ts";

/** LoggingConfig as it comes in. */
export interface LoggingInput {
  LogFormat?: string;
  ApplicationLogLevel?: string;
  SystemLogLevel?: string;
  LogGroup?: string;
}

type Logging = Pick<FunctionDefinition, "logFormat" | "logGroup" | "applicationLogLevel" | "systemLogLevel">;

/** `before` with what `input` changes: levels belong to JSON, where they are INFO unless set. */
export function toLogging(before: Logging, input: LoggingInput = {}): Logging {
  const { ApplicationLogLevel: application, SystemLogLevel: system } = input;
  const logFormat = oneOf("loggingConfig.logFormat", input.LogFormat ?? before.logFormat, ["Text", "JSON"] as const);
  const logGroup = toLogGroup(input.LogGroup) ?? before.logGroup;
  if (logFormat === "Text") {
    if (application === undefined && system === undefined) return { logFormat, logGroup };
    throw invalidParameter(
      'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "JSON" and try again.',
    );
  }
  return {
    logFormat,
    logGroup,
    applicationLogLevel: oneOf(
      "loggingConfig.applicationLogLevel",
      application ?? before.applicationLogLevel ?? "INFO",
      ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const,
    ),
    systemLogLevel: oneOf("loggingConfig.systemLogLevel", system ?? before.systemLogLevel ?? "INFO", [
      "DEBUG",
      "INFO",
      "WARN",
    ] as const),
  };
}

function toLogGroup(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return atMost(
    "loggingConfig.logGroup",
    matching("loggingConfig.logGroup", name, String.raw`[\.\-_/#A-Za-z0-9]+`),
    512,
  );
}
