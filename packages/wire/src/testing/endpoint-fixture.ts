/** An endpoint over plain operations that record what reached them, for tests. */
import {
  Activity,
  createRng,
  createService,
  type HttpRequest,
  type Operation,
  type Service,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createEndpoint, type Endpoint, type EndpointHandler } from "../endpoint.ts";

/** One call that reached an operation. */
export interface RecordedCall {
  service: string;
  operation: string;
  input: Record<string, unknown>;
  requestId: string;
  endpoint: string;
  headers: Readonly<Record<string, string>>;
}

/** What an operation of a test does with its input. */
export type Answer = (input: Record<string, unknown>, signal: AbortSignal) => unknown;

/** An operation of a test. */
export interface TestOperation {
  honoured: readonly string[];
  refused?: Readonly<Record<string, string>>;
  answer: Answer;
}

/** An endpoint that listens, and what its operations were called with. */
export interface EndpointFixture extends AsyncDisposable {
  endpoint: Endpoint;
  url: string;
  port: number;
  calls: RecordedCall[];
  activity: Activity;
  clock: VirtualClock;
  internalErrors: unknown[];
}

/** Starts an endpoint on a free port; `operations` by `service.Operation`. */
export async function startEndpoint(
  operations: Readonly<Record<string, TestOperation>>,
  handlers: readonly EndpointHandler[] = [],
  options: { checksConstraints?: boolean } = {},
): Promise<EndpointFixture> {
  const calls: RecordedCall[] = [];
  const services = new Map<string, Service>();
  const byService = new Map<string, Operation[]>();
  for (const [path, { honoured, refused, answer }] of Object.entries(operations)) {
    const [id = "", name = ""] = path.split(".");
    const operation: Operation<Record<string, unknown>> = {
      name,
      honoured,
      ...(refused === undefined ? {} : { refused }),
      async run(input, { requestId, endpoint, headers, signal }) {
        calls.push({ service: id, operation: name, input, requestId, endpoint, headers });
        return answer(input, signal);
      },
    };
    byService.set(id, [...(byService.get(id) ?? []), operation]);
  }
  const activity = new Activity();
  for (const [id, own] of byService) services.set(id, createService({ id, activity, operations: async () => own }));
  const clock = new VirtualClock({ activity, realTime });
  const internalErrors: unknown[] = [];
  const endpoint = createEndpoint({
    services,
    clock,
    rng: createRng("wire"),
    activity,
    handlers,
    ...options,
    onInternalError: (error: unknown, _request: HttpRequest) => internalErrors.push(error),
  });
  const { port } = await endpoint.listen({ host: "127.0.0.1", port: 0 });
  return {
    endpoint,
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    activity,
    clock,
    internalErrors,
    [Symbol.asyncDispose]: () => endpoint.close(0),
  };
}

/** What every client of a test is built with. */
export function clientOptions(url: string): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
} {
  return {
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
}

/** `using` ends the client's connections. */
export function disposable<T extends { destroy(): void }>(client: T): T & Disposable {
  return Object.assign(client, {
    [Symbol.dispose]() {
      client.destroy();
    },
  });
}

/** The error that `work` rejects with. Throws where it does not. */
export async function errorOf(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("It did not fail.");
}

/** All bytes of a body. */
export async function bytesOf(body: unknown): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
