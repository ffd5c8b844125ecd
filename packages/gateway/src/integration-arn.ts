/** `arn:aws:apigateway:{region}:{service}:path/…` and `…:action/…`. https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html */

/** What such an ARN says. */
export interface IntegrationArn {
  region: string;
  /** `lambda`, `sqs`, `s3`. */
  service: string;
  /** What may stand before the service: `my-bucket` of `my-bucket.s3`. */
  subdomain?: string;
  kind: "path" | "action";
  /** After `path/` or `action/`. */
  target: string;
  /** Of a function's invocation; it may hold `${stageVariables.x}`. */
  functionArn?: string;
}

const functionArn =
  /^2015-03-31\/functions\/(arn:[^:]+:lambda:[^:]*:[^:]*:function:.+|\$\{stageVariables\.\w+\}.*)\/invocations$/;

const known = new Map<string, IntegrationArn | undefined>();
const knownMax = 1000;

/** Undefined where it is none. Every request asks, mostly for one that was asked for before. */
export function parseIntegrationArn(uri: string): IntegrationArn | undefined {
  let arn = known.get(uri);
  if (arn === undefined && !known.has(uri)) {
    if (known.size >= knownMax) known.clear();
    known.set(uri, (arn = parse(uri)));
  }
  return arn;
}

function parse(uri: string): IntegrationArn | undefined {
  const match = /^arn:[^:]+:apigateway:([^:]*):([^:]+):(path|action)\/(.*)$/s.exec(uri);
  if (match === null) return undefined;
  const [, region = "", host = "", kind, target = ""] = match;
  const [, subdomain, service = host] = /^(?:(.+)\.)?([^.]+)$/.exec(host) ?? [];
  const found = service === "lambda" && kind === "path" ? functionArn.exec(target)?.[1] : undefined;
  return {
    region,
    service,
    kind: kind as "path",
    target,
    ...(subdomain === undefined ? {} : { subdomain }),
    ...(found === undefined ? {} : { functionArn: found }),
  };
}
