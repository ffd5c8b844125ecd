import type { Simulator } from "tripline";

/** Calls an operation of a service of `simulator`, without a client. */
export async function call(simulator: Simulator, service: string, name: string, input: object): Promise<unknown> {
  const operation = simulator.house.services.get(service)?.operations.get(name);
  if (operation === undefined) throw new Error(`there is no operation ${service}:${name}`);
  return operation.run(input as never, {
    requestId: "test",
    endpoint: "http://127.0.0.1:4566",
    sourceIp: "127.0.0.1",
    signal: new AbortController().signal,
    headers: {},
  });
}
