/** HTTP without retries: what was answered, or that nothing was, since the connection broke. */
import { Agent, request as httpRequest } from "node:http";

/** A whole answer. */
export interface RawAnswer {
  status: number;
  body: Buffer;
}

/** A request; `service` is its signing name. */
export interface RawRequest {
  service: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** A client of one endpoint. */
export interface RawClient {
  /** Undefined where no whole answer came: the request may have been carried out, or not. */
  send(request: RawRequest): Promise<RawAnswer | undefined>;
  /** Calls an operation of SQS. Rejects with SQS's error. */
  sqs<Output>(operation: string, input: object): Promise<Output | undefined>;
  close(): void;
}

/** See {@link RawClient}. */
export function createRawClient(endpoint: string): RawClient {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(endpoint);
  const send = ({
    service,
    method = "POST",
    path = "/",
    headers = {},
    body = "",
  }: RawRequest): Promise<RawAnswer | undefined> =>
    new Promise((resolve) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
      const none = (): void => {
        resolve(undefined);
      };
      const sent = httpRequest(
        { agent, hostname, port, method, path, headers: { authorization, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", none);
          answer.on("close", none);
          answer.on("end", () => {
            if (answer.complete) resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) });
          });
        },
      );
      sent.on("error", none);
      sent.end(body);
    });
  return {
    send,
    async sqs<Output>(operation: string, input: object) {
      const answer = await send({
        service: "sqs",
        headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` },
        body: JSON.stringify(input),
      });
      if (answer === undefined) return undefined;
      const text = answer.body.toString("utf8");
      if (answer.status !== 200) throw new Error(`${operation} was answered with ${answer.status}: ${text}`);
      return (text === "" ? {} : JSON.parse(text)) as Output;
    },
    close() {
      agent.destroy();
    },
  };
}
