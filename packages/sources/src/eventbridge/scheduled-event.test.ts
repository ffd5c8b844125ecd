import { defaultScope } from "@tripline/kernel";
import { expect, it } from "vitest";
import { toScheduledEvent, toScheduledEventText } from "./scheduled-event.ts";

it("toScheduledEventText prints what toScheduledEvent makes", () => {
  const dueMs = Date.parse("2026-02-03T04:05:06.789Z");
  expect(toScheduledEventText(defaultScope, "a.b-c_D1", "some-id", dueMs)).toBe(
    JSON.stringify(toScheduledEvent(defaultScope, "a.b-c_D1", "some-id", dueMs)),
  );
});
