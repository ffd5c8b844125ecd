/**
 * What a request's host name says, as on AWS: of AWS's own domains, and of names that stand in for them on this machine
 * (`….localhost`, `….localhost.localstack.cloud`).
 *
 * N1. `bucket.s3.…` (also `s3-accelerate`, `s3.dualstack`) is a bucket, whatever else stands in its name.
 * N2. `<id>.execute-api.…` and `<id>.lambda-url.…` are APIs and function URLs: never a bucket, and never the API of Lambda, though its
 *     name may be what the request is signed with.
 * N3. `queue`, `ddb`, `data-kinesis` and the like are older or per-account names of a service.
 * N4. Any other name under `localhost` is a bucket: `photos.localhost`.
 */

/** A host name's meaning. */
export interface HostMeaning {
  /** A service's id, `execute-api`, `lambda-url`, or the first label of an AWS host that Tripline does not know. */
  service: string | undefined;
  /** S3's. */
  bucket: string | undefined;
}

const awsEnd = /\.(amazonaws\.com(\.cn)?|api\.aws|on\.aws)$/;
const localEnd = /\.(localhost|localhost\.localstack\.cloud)$/;
const nothing: HostMeaning = { service: undefined, bucket: undefined };

let last: { host: string; meaning: HostMeaning } = { host: "", meaning: nothing };

/** Parses a Host header. */
export function parseHost(host: string): HostMeaning {
  if (last.host !== host) last = { host, meaning: parse(host.replace(/:\d+$/, "").toLowerCase()) }; // mostly the same one
  return last.meaning;
}

function parse(name: string): HostMeaning {
  const end = awsEnd.exec(name) ?? localEnd.exec(name);
  if (end === null) return nothing;
  const labels = name.slice(0, end.index).split(".");
  const at = labels.findLastIndex((label) => label === "s3" || label.startsWith("s3-"));
  if (at !== -1) return { service: "s3", bucket: at === 0 ? undefined : labels.slice(0, at).join(".") }; // N1
  const owner = labels[1];
  if (owner === "execute-api" || owner === "lambda-url") return { service: owner, bucket: undefined }; // N2
  if (labels[0] === "streams" && owner === "dynamodb") return { service: "dynamodbstreams", bucket: undefined };
  const service = labels.map((label) => serviceLabels[label]).find((one) => one !== undefined);
  if (service !== undefined) return { service, bucket: undefined };
  if (awsEnd.test(name)) return { service: labels[0], bucket: undefined };
  return { service: undefined, bucket: labels.join(".") }; // N4
}

/** N3 */
const serviceLabels: Readonly<Record<string, string>> = {
  apigateway: "apigateway",
  "control-kinesis": "kinesis",
  "data-kinesis": "kinesis",
  ddb: "dynamodb",
  dynamodb: "dynamodb",
  events: "events",
  iam: "iam",
  kinesis: "kinesis",
  lambda: "lambda",
  logs: "logs",
  queue: "sqs",
  scheduler: "scheduler",
  sns: "sns",
  sqs: "sqs",
  "streaming-logs": "logs",
  sts: "sts",
};
