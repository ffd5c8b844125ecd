import { EventBus, type DeliveryRecord, type LogLine } from "@tripline/kernel";
import { expect, it } from "vitest";
import { RecordBook } from "./index.ts";

const line = (functionName: string, message: string): LogLine => ({
  functionName,
  logGroup: "g",
  logStream: "s",
  timestampMs: 0,
  origin: "function",
  message,
});
const delivery: DeliveryRecord = {
  id: "d1",
  source: "s3",
  targetArn: "t",
  state: "accepted",
  attempts: 0,
  acceptedAtMs: 1,
  updatedAtMs: 1,
};

it("RecordBook.deliveries shows one record for each delivery, with its latest state", () => {
  const bus = new EventBus();
  const book = new RecordBook({ bus });
  bus.emit("delivery", { ...delivery, sourceArn: "bucket" });
  bus.emit("delivery", { ...delivery, state: "delivered", attempts: 1, updatedAtMs: 5 });
  expect(book.deliveries()).toEqual([
    { ...delivery, sourceArn: "bucket", state: "delivered", attempts: 1, updatedAtMs: 5 },
  ]);
  expect(book.deliveries({ state: "accepted" })).toEqual([]);
});

it("RecordBook.logs gives what is new after a position, also once older lines were dropped", () => {
  const bus = new EventBus();
  const book = new RecordBook({ bus, entriesMax: 3 });
  for (const message of ["1", "2"]) bus.emit("log", line("f", message));
  const { position } = book.logs();
  for (const message of ["3", "4", "5", "6", "7"]) bus.emit("log", line(message === "4" ? "g" : "f", message));
  expect(book.logs({ after: position, functionName: "f" }).lines.map((one) => one.message)).toEqual(["5", "6", "7"]);
  expect(book.logs({ after: book.logs().position }).lines).toEqual([]);
});

it("RecordBook keeps the newest deliveries only", () => {
  const bus = new EventBus();
  const book = new RecordBook({ bus, entriesMax: 2 });
  for (const id of ["a", "b", "c"]) bus.emit("delivery", { ...delivery, id });
  expect(book.deliveries().map((record) => record.id)).toEqual(["b", "c"]);
});

it("B3 RecordBook.mappingCounts adds up what is counted of each mapping, under each metric", () => {
  const bus = new EventBus();
  const book = new RecordBook({ bus });
  bus.emit("mappingCount", { uuid: "a", metric: "PolledEventCount", count: 2 });
  bus.emit("mappingCount", { uuid: "a", metric: "PolledEventCount", count: 3 });
  bus.emit("mappingCount", { uuid: "a", metric: "DeletedEventCount", count: 1 });
  bus.emit("mappingCount", { uuid: "b", metric: "PolledEventCount", count: 7 });
  expect(Object.fromEntries(book.mappingCounts())).toEqual({
    a: { PolledEventCount: 5, DeletedEventCount: 1 },
    b: { PolledEventCount: 7 },
  });
});

it("B1 B3 RecordBook keeps no more bytes than it may, the newest whatever its size, and counts them all", () => {
  const bus = new EventBus();
  const book = new RecordBook({ bus, bytesMax: 1000 });
  const invoke = (requestId: string, bytes: number, status: "success" | "timeout"): void => {
    bus.emit("invocation", {
      requestId,
      functionName: "f",
      executedVersion: "$LATEST",
      source: "lambda",
      deliveryIds: [],
      status,
      startedAtMs: 0,
      durationMs: 1,
      billedDurationMs: 1,
      coldStart: false,
      attempt: 1,
      payload: new Uint8Array(bytes),
    });
    bus.emit("delivery", { ...delivery, id: requestId, body: new Uint8Array(bytes) });
  };
  const kept = (): string[][] => [
    book.invocations().map((one) => one.requestId),
    book.deliveries().map((one) => one.id),
  ];
  for (const id of ["1", "2", "3"]) invoke(id, 400, "success");
  expect(kept()).toEqual([
    ["2", "3"],
    ["2", "3"],
  ]);
  invoke("4", 5000, "timeout");
  expect(kept()).toEqual([["4"], ["4"]]);
  expect(book.invocationCounts().get("f")).toEqual({ invocations: 4, errors: 1 });
});
