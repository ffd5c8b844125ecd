import { callOperation, operationsOf } from "@tripline/kernel/testing";
import type { Simulator } from "tripline";

/** Calls an operation of a service of `simulator`, without a client. */
export async function call(simulator: Simulator, service: string, name: string, input: object): Promise<unknown> {
  const found = simulator.house.services.get(service);
  if (found === undefined) throw new Error(`There is no service ${service}.`);
  return callOperation(await operationsOf(found), name, input, { requestId: "test" });
}
