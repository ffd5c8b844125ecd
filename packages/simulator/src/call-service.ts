/**
 * Calls simulated services for API Gateway's integrations: by requests to our own endpoint, so that the same operations answer as for an SDK.
 * The request is in the name of the API; its signature is not one.
 */
import { request } from "node:http";
import type { BackendAnswer, CallService } from "@tripline/gateway";
import type { Clock, Scope } from "@tripline/kernel";

/** `endpoint`: where we listen; undefined: nowhere, and nothing can be called. */
export function createServiceCaller(options: {
  clock: Clock;
  scope: Scope;
  endpoint: () => string | undefined;
}): CallService {
  const { clock, scope } = options;
  return ({ service, method, target, headers, body }) => {
    const endpoint = options.endpoint();
    if (endpoint === undefined) return undefined;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "");
    const credential = `apigateway/${day}/${scope.region}/${service}/aws4_request`;
    const signed = [
      ...headers,
      "Authorization",
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`,
      "Host",
      new URL(endpoint).host,
      "Content-Length",
      String(body.length),
    ];
    return new Promise<BackendAnswer>((resolve, reject) => {
      const sent = request(
        new URL(target, endpoint),
        { method, headers: signed, setHost: false, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 500, headers: response.rawHeaders, body: Buffer.concat(chunks) });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  };
}
