/**
 * `/_tripline/…`: what the CLI (and any script) asks of a running simulator. Answers are JSON.
 *
 * GET  /_tripline/health             {"status":"ok",…}
 * GET  /_tripline/status             functions, APIs, queues, schedules, folders, counts
 * GET  /_tripline/logs?function&after&requestId   lines, and the position to ask from next
 * GET  /_tripline/functions?name     the physical name of a function, by any of its names
 * GET  /_tripline/invocations?function&status     what was invoked, without payloads
 * POST /_tripline/clock {"advanceMs"|"advanceTo"} moves virtual time
 */
import {
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  isServiceError,
  isSimulatorError,
} from "@tripline/kernel";
import type { Simulator } from "../simulator.ts";
import { simulatorStatus } from "./simulator-status.ts";

const prefix = "/_tripline/";

/** The handler of the paths above. */
export function createAdminHandler(simulator: Simulator): {
  matches(request: HttpRequest): boolean;
  handle: HttpHandler;
} {
  return {
    matches: (request) => request.target.startsWith(prefix),
    async handle(request) {
      const url = new URL(request.target, "http://localhost");
      try {
        return (await answer(simulator, request, url)) ?? json(404, { error: `There is nothing at ${url.pathname}.` });
      } catch (error) {
        if (isSimulatorError(error) || isServiceError(error))
          return json(400, { error: error.message, code: error.code });
        throw error;
      }
    },
  };
}

async function answer(simulator: Simulator, request: HttpRequest, url: URL): Promise<HttpResponse | undefined> {
  switch (`${request.method} ${url.pathname.slice(prefix.length)}`) {
    case "GET health":
      return json(200, {
        status: "ok",
        pid: process.pid,
        clock: simulator.clock.mode,
        now: new Date(simulator.clock.now()).toISOString(),
      });
    case "GET status":
      return json(200, await simulatorStatus(simulator));
    case "GET logs":
      return json(200, logs(simulator, url.searchParams));
    case "GET functions":
      return json(200, { name: simulator.names.qualifiedFunctionName(url.searchParams.get("name") ?? "") });
    case "GET invocations":
      return json(200, invocations(simulator, url.searchParams));
    case "POST clock":
      return json(200, await moveClock(simulator, await request.body(1024)));
    default:
      return undefined;
  }
}

function logs(simulator: Simulator, query: URLSearchParams): object {
  const functionName = query.get("function");
  const requestId = query.get("requestId");
  return simulator.house.book.logs({
    ...(functionName === null ? {} : { functionName: simulator.names.functionName(functionName) }),
    ...(requestId === null ? {} : { requestId }),
    after: Number(query.get("after") ?? 0),
  });
}

function invocations(simulator: Simulator, query: URLSearchParams): object {
  const functionName = query.get("function");
  const records = simulator.invocations(functionName === null ? {} : { functionName });
  return { invocations: records.map(({ payload: _payload, response: _response, ...shown }) => shown) };
}

async function moveClock(simulator: Simulator, body: Uint8Array): Promise<object> {
  const asked = JSON.parse(new TextDecoder().decode(body)) as { advanceMs?: unknown; advanceTo?: unknown };
  if (typeof asked.advanceMs === "number" && asked.advanceMs >= 0) await simulator.clock.advance(asked.advanceMs);
  else if (typeof asked.advanceTo === "string" && !Number.isNaN(Date.parse(asked.advanceTo)))
    await simulator.clock.advanceTo(Date.parse(asked.advanceTo));
  else return { error: 'Send {"advanceMs": 60000} or {"advanceTo": "2026-01-02T00:00:00Z"}.' };
  return { now: new Date(simulator.clock.now()).toISOString() };
}

function json(status: number, value: unknown): HttpResponse {
  return { status, rawHeaders: ["content-type", "application/json"], body: `${JSON.stringify(value)}\n` };
}
