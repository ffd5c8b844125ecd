import { realTime } from "@tripline/kernel/real-time";
import { expect, it } from "vitest";
import { createLineWriter } from "./line-writer.ts";

it("lines of one turn are written in one piece, in order; flush does not wait", async () => {
  const written: string[] = [];
  const writer = createLineWriter({ write: (text) => written.push(text) }, realTime);
  writer.write("a\n");
  writer.write("b\n");
  expect(written).toEqual([]);
  await realTime.turn();
  await realTime.turn();
  expect(written).toEqual(["a\nb\n"]);
  writer.write("c\n");
  writer.flush();
  expect(written).toEqual(["a\nb\n", "c\n"]);
  await realTime.turn();
  await realTime.turn();
  expect(written).toHaveLength(2);
});

it("a held writer writes nothing before its first flush, and then as others do", async () => {
  const written: string[] = [];
  const writer = createLineWriter({ write: (text) => written.push(text) }, realTime, { isHeld: true });
  writer.write("a\n");
  await realTime.turn();
  await realTime.turn();
  writer.write("b\n");
  expect(written).toEqual([]);
  writer.flush();
  writer.write("c\n");
  await realTime.turn();
  await realTime.turn();
  expect(written).toEqual(["a\nb\n", "c\n"]);
});
