/**
 * Access logs of both kinds of API: one line a request, in the stage's own format, whichever that is (CLF, JSON, XML, CSV).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
 */

/** Takes lines of logs: `logGroup` and `logStream` are CloudWatch's. */
export type LogSink = (line: { logGroup: string; logStream: string; timestampMs: number; message: string }) => void;

/** What a stage says of its access logs; without both it writes none. */
export interface AccessLogSettings {
  /** Text with `$context.…`. */
  format?: string;
  /** A log group's, without `:*`. */
  destinationArn?: string;
}

/** What is written where. */
export interface AccessLogLine {
  sink: LogSink | undefined;
  settings: AccessLogSettings | undefined;
  /** What comes behind the name of the log group. */
  groupSuffix?: string;
  logStream: string;
  timestampMs: number;
  /** The value of `$context.<name>`; no scalar: none. */
  variable: (name: string) => unknown;
}

/** Writes the line where the stage says. */
export function writeAccessLogLine({ sink, settings, groupSuffix = "", variable, ...line }: AccessLogLine): void {
  const { format, destinationArn } = settings ?? {};
  if (format === undefined || destinationArn === undefined || sink === undefined) return;
  const group = /:log-group:([^:]+)/.exec(destinationArn)?.[1] ?? "";
  sink({ ...line, logGroup: `${group}${groupSuffix}`, message: toAccessLogLine(format, variable) });
}

/** The line; `-` for what has no value. */
export function toAccessLogLine(format: string, variable: (name: string) => unknown): string {
  return format.replaceAll(/\$context\.([A-Za-z_][\w.:-]*)/g, (_whole, found: string) => {
    // `$context.path.` at the end of a sentence is `path` and a dot.
    const name = found.replace(/[.:-]+$/, "");
    return (toScalarText(variable(name)) ?? "-") + found.slice(name.length);
  });
}

/** A variable as text; undefined where it is no scalar. */
export function toScalarText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
