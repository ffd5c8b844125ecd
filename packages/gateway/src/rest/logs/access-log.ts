import { writeAccessLogLine } from "../../access-log.ts";
import { logVariable } from "../serving/context-variables.ts";
import type { RestAnswer, RestExchange } from "../serving/exchange.ts";

/** Writes a line where the stage says; the canary's in a group of its own. */
export function writeAccessLog(exchange: RestExchange, answer: RestAnswer): void {
  const { stage, serving, isCanary } = exchange;
  writeAccessLogLine({
    sink: serving.logSink,
    settings: stage.accessLogSettings,
    groupSuffix: isCanary === true ? "/Canary" : "",
    logStream: exchange.requestId.replaceAll("-", ""),
    timestampMs: serving.clock.now(),
    variable: (name) => logVariable(exchange, answer, name),
  });
}
