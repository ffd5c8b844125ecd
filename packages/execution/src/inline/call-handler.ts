/**
 * Calls a handler in each of the styles that Lambda knows (promise, callback, context methods) and settles once.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 * Differs inside this process: the event loop never runs empty here, so a callback answers at once, and a handler that neither answers nor
 * returns a promise is answered with null.
 */
import type { Handler } from "./load-handler.ts";

/** The handler's answer as JSON, or the error that the caller gets. */
export type HandlerOutcome = { ok: true; payload: string } | { ok: false; errorType: string; error: object };

/** The fields of the context object that do not depend on how it was called. */
export type ContextFields = Readonly<Record<string, unknown>>;

/** Calls `handler`; never rejects. */
export function callHandler(handler: Handler, event: unknown, fields: ContextFields): Promise<HandlerOutcome> {
  return new Promise((resolve) => {
    const succeed = (result: unknown): void => {
      resolve(serialise(result));
    };
    const fail = (error: unknown): void => {
      resolve(toFailure(error));
    };
    const done = (error: unknown, result: unknown): void => {
      if (error === null || error === undefined) succeed(result);
      else fail(error);
    };
    const context = {
      ...fields,
      callbackWaitsForEmptyEventLoop: true,
      succeed,
      fail: (error: unknown) => {
        fail(error ?? "handled");
      },
      done,
    };
    try {
      const returned = handler(event, context, done);
      if (isThenable(returned)) returned.then(succeed, fail);
      else if (handler.length < 3) succeed(returned === undefined ? null : returned);
    } catch (error) {
      fail(error);
    }
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function serialise(result: unknown): HandlerOutcome {
  try {
    return { ok: true, payload: JSON.stringify(result) ?? "null" };
  } catch {
    return toFailure(Object.assign(new Error("Unable to stringify response body"), { name: "Runtime.MarshalError" })); // circular, or a BigInt
  }
}

/** The payload of a failed invocation: AWS's shape for Node.js. */
export function toFailure(error: unknown): HandlerOutcome & { ok: false } {
  if (error instanceof Error) {
    const trace = (error.stack ?? `${error.name}: ${error.message}`).split("\n");
    return { ok: false, errorType: error.name, error: { errorType: error.name, errorMessage: error.message, trace } };
  }
  const errorType = error === null ? "object" : typeof error;
  return { ok: false, errorType, error: { errorType, errorMessage: String(error), trace: [] } };
}
