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
  const book = new RecordBook({ bus, limit: 3 });
  for (const message of ["1", "2"]) bus.emit("log", line("f", message));
  const { position } = book.logs();
  for (const message of ["3", "4", "5", "6", "7"]) bus.emit("log", line(message === "4" ? "g" : "f", message));
  expect(book.logs({ after: position, functionName: "f" }).lines.map((one) => one.message)).toEqual(["5", "6", "7"]);
  expect(book.logs({ after: book.logs().position }).lines).toEqual([]);
});

it("RecordBook keeps the newest deliveries only", () => {
  const bus = new EventBus();
  const book = new RecordBook({ bus, limit: 2 });
  for (const id of ["a", "b", "c"]) bus.emit("delivery", { ...delivery, id });
  expect(book.deliveries().map((record) => record.id)).toEqual(["b", "c"]);
});
