/** Calls HTTP backends. `localhost` and every name below it is this machine, whatever its resolver says: function URLs are such names. Connections are kept open; the time limit is real time, on a virtual clock too. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { lookup as lookUp } from "node:dns";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { RealTime } from "@tripline/kernel";

/** A request to a backend. */
export interface HttpCall {
  method: string;
  url: string;
  /** Names and values alternating; without Content-Length, and without Host where it is that of the URL. */
  headers: readonly string[];
  body: Uint8Array;
  timeoutMs: number;
  /** `Content-Length: 0` goes with an empty body whatever the method; default: where a body is usual. */
  hasLength?: boolean;
  /** Certificates that nobody vouches for will do. */
  insecure?: boolean;
}

/** What came of it. */
export type HttpOutcome =
  | { kind: "answered"; status: number; headers: readonly string[]; body: Uint8Array }
  | { kind: "timeout" }
  /** No connection: refused, no such host, or broken on the way. `isTls`: the certificate. */
  | { kind: "failed"; message: string; isTls: boolean };

/** See the module's header. */
export type HttpCaller = (call: HttpCall) => Promise<HttpOutcome>;

/** Builds it. */
export function createHttpCaller(realTime: RealTime): HttpCaller {
  const agents = {
    http: new HttpAgent({ keepAlive: true, lookup }),
    https: new HttpsAgent({ keepAlive: true, lookup }),
  };
  return (call) =>
    new Promise((resolve) => {
      let url: URL;
      try {
        url = new URL(call.url);
      } catch {
        resolve({ kind: "failed", message: `Invalid URL ${call.url}`, isTls: false });
        return;
      }
      const isTls = url.protocol === "https:";
      const headers = [...call.headers];
      if (!call.headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "host"))
        headers.push("Host", url.host);
      if (call.hasLength === true || call.body.length > 0 || !/^(?:GET|HEAD|OPTIONS|DELETE)$/.test(call.method))
        headers.push("Content-Length", String(call.body.length));
      const options = { method: call.method, headers: headers as unknown as Record<string, string>, setHost: false };
      const request = isTls
        ? httpsRequest(url, { ...options, agent: agents.https, rejectUnauthorized: call.insecure !== true })
        : httpRequest(url, { ...options, agent: agents.http });
      const cancel = realTime.after(call.timeoutMs, () => {
        resolve({ kind: "timeout" });
        request.destroy();
      });
      const fail = (error: NodeJS.ErrnoException): void => {
        cancel();
        resolve({
          kind: "failed",
          message: error.message,
          isTls: /CERT|TLS|SSL|SELF_SIGNED|EPROTO/i.test(error.code ?? ""),
        });
      };
      request.on("error", fail);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          cancel();
          resolve({
            kind: "answered",
            status: response.statusCode ?? 502,
            headers: response.rawHeaders,
            body: Buffer.concat(chunks),
          });
        });
      });
      request.end(call.body);
    });
}

const lookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname.endsWith(".localhost") ? "localhost" : hostname, options, callback);
};
