/** Access logs: one line a request, in the stage's own format. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
import { logVariable, toText } from "../serving/context-variables.ts";
import type { RestAnswer, RestExchange } from "../serving/exchange.ts";

/** The line; `-` for what has no value. */
export function toAccessLogLine(format: string, exchange: RestExchange, answer: RestAnswer): string {
  return format.replaceAll(/\$context\.([A-Za-z_][\w.:-]*)/g, (_whole, found: string) => {
    // `$context.path.` at the end of a sentence is `path` and a dot.
    const name = found.replace(/[.:-]+$/, "");
    const text = toText(logVariable(exchange, answer, name)) ?? "-";
    return text + found.slice(name.length);
  });
}

/** Writes it where the stage says; a stage that lacks a format or a destination writes none. */
export function writeAccessLog(exchange: RestExchange, answer: RestAnswer): void {
  const { stage, serving, isCanary } = exchange;
  const { format, destinationArn } = stage.accessLogSettings ?? {};
  if (format === undefined || destinationArn === undefined || serving.logSink === undefined) return;
  const group = /:log-group:([^:]+)/.exec(destinationArn)?.[1] ?? "";
  serving.logSink({
    logGroup: isCanary === true ? `${group}/Canary` : group,
    logStream: exchange.requestId.replaceAll("-", ""),
    timestampMs: serving.clock.now(),
    message: toAccessLogLine(format, exchange, answer),
  });
}
