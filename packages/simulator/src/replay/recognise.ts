/** Tells what a recorded Lambda event is, by its shape. */

/** The kinds of events that replay knows. */
export type EventKind =
  | "s3"
  | "sqs"
  | "sns"
  | "kinesis"
  | "dynamodb"
  | "eventbridge"
  | "schedule"
  | "apigateway-1.0"
  | "apigateway-2.0"
  | "apigateway-websocket";

type Json = Record<string, unknown>;

const recordSources: Readonly<Record<string, EventKind>> = {
  "aws:s3": "s3",
  "aws:sqs": "sqs",
  "aws:sns": "sns",
  "aws:kinesis": "kinesis",
  "aws:dynamodb": "dynamodb",
};

/** The kind of `event`; undefined where its shape is none of them. */
export function recogniseEvent(event: Json): EventKind | undefined {
  const [first] = recordsOf(event);
  if (first !== undefined) {
    const source = first["eventSource"] ?? first["EventSource"];
    return typeof source === "string" ? recordSources[source] : undefined;
  }
  if (typeof event["detail-type"] === "string" && typeof event["source"] === "string") {
    return event["source"] === "aws.scheduler" || event["detail-type"] === "Scheduled Event"
      ? "schedule"
      : "eventbridge";
  }
  const context = event["requestContext"];
  if (!isObject(context)) return undefined;
  if (typeof context["connectionId"] === "string") return "apigateway-websocket";
  if (event["version"] === "2.0" && isObject(context["http"])) return "apigateway-2.0";
  if (typeof event["httpMethod"] === "string" && typeof event["resource"] === "string") return "apigateway-1.0";
  return undefined;
}

/** The event's `Records`; none where it has no such list. */
export function recordsOf(event: Json): Json[] {
  const records = event["Records"];
  return Array.isArray(records) ? records.filter(isObject) : [];
}

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of `value` at `path`, where there is one and it is a text. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  let found = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

/** When the event happened by its own account, epoch milliseconds; undefined where it does not say. */
export function eventTime(event: Json): number | undefined {
  const [record] = recordsOf(event);
  const candidates = [
    textAt(event, "time"),
    textAt(record, "eventTime"),
    textAt(record, "Sns", "Timestamp"),
    textAt(record, "attributes", "SentTimestamp"),
    numberAt(event, "requestContext", "timeEpoch"),
    numberAt(event, "requestContext", "requestTimeEpoch"),
    secondsAt(record, "kinesis", "approximateArrivalTimestamp"),
    secondsAt(record, "dynamodb", "ApproximateCreationDateTime"),
  ];
  for (const candidate of candidates) {
    const ms =
      typeof candidate === "number"
        ? candidate
        : candidate === undefined
          ? NaN
          : /^\d+$/.test(candidate)
            ? Number(candidate)
            : Date.parse(candidate);
    if (!Number.isNaN(ms)) return ms;
  }
  return undefined;
}

function numberAt(value: unknown, ...path: string[]): number | undefined {
  let found = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  return typeof found === "number" ? found : undefined;
}

function secondsAt(value: unknown, ...path: string[]): number | undefined {
  const seconds = numberAt(value, ...path);
  return seconds === undefined ? undefined : seconds * 1000;
}
