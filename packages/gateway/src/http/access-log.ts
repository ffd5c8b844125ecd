import { writeAccessLogLine } from "../access-log.ts";
import { logVariable } from "./log-variables.ts";
import type { HttpAnswer, HttpExchange } from "./http-exchange.ts";

/** Writes a line where the stage says. All lines of a stage are in one stream, which has the names of both: AWS's own are not documented. */
export function writeAccessLog(exchange: HttpExchange, answer: HttpAnswer): void {
  const { stage, serving, apiId, request } = exchange;
  writeAccessLogLine({
    sink: serving.logSink,
    settings: stage.accessLogSettings,
    logStream: `${apiId}/${request.stage}`,
    timestampMs: serving.clock.now(),
    variable: (name) => logVariable(exchange, answer, name),
  });
}
