/** For tests: operations are called as the endpoint calls them. */
import { isServiceError, type ServiceError } from "../errors.ts";
import type { CallContext, Operation, Service } from "../ports/operation.ts";

/** Who calls, where a test does not say. */
export const callContext: CallContext = {
  requestId: "r",
  endpoint: "http://127.0.0.1:4566",
  sourceIp: "127.0.0.1",
  signal: new AbortController().signal,
  headers: {},
};

/** Every operation of `services`: loaded, so that a call begins at once. */
export async function operationsOf(...services: readonly Service[]): Promise<Operation[]> {
  const loaded = await Promise.all(services.map((service) => service.load()));
  return loaded.flatMap((operations) => Array.from(operations.values()));
}

/** Calls the operation `name`, which must be there. `context`: what differs from {@link callContext}. */
export async function callOperation<Output>(
  operations: readonly Operation[],
  name: string,
  input: object,
  context: Partial<CallContext> = {},
): Promise<Output> {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`There is no operation ${name}.`);
  return (await operation.run(input as never, { ...callContext, ...context })) as Output;
}

/** What AWS would say of `work`, which must fail. Rejects with what is no such error as it is. */
export async function failureOf(work: Promise<unknown>): Promise<ServiceError> {
  try {
    await work;
  } catch (error) {
    if (isServiceError(error)) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}
