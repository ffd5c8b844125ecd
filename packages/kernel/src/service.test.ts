import { expect, it } from "vitest";
import { Activity } from "./activity.ts";
import type { CallContext, Operation } from "./ports/operation.ts";
import { createService, findOperation } from "./service.ts";

const ping: Operation = { name: "Ping", honoured: [], run: async () => "pong" };

it("operations are loaded once, when the first one is wanted, and time waits for them", async () => {
  const activity = new Activity();
  let loads = 0;
  const service = createService({
    id: "echo",
    note: "Echoes.",
    activity,
    operations: async () => {
      loads++;
      return [ping];
    },
  });
  expect([service.id, service.note, service.operations, loads]).toEqual(["echo", "Echoes.", undefined, 0]);

  const finding = Promise.all([findOperation(service, "Ping"), findOperation(service, "Pong")]);
  expect(activity.pending()).toEqual(["the operations of echo"]);
  const [found, missing] = await finding;
  expect([await found?.run(undefined as never, {} as CallContext), missing, loads]).toEqual(["pong", undefined, 1]);
  expect([activity.isIdle(), service.operations, await service.load()]).toEqual([
    true,
    new Map([["Ping", ping]]),
    service.operations,
  ]);
});
