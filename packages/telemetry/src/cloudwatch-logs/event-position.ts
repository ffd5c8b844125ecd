/** Places between events as clients see them: event ids and the tokens of GetLogEvents and FilterLogEvents. */
import type { LogPosition } from "@tripline/kernel";
import { invalidParameter } from "./errors.ts";

const timeDigits = 20;
const sequenceDigits = 36;

/** 56 digits, as CloudWatch's: they sort as events do. */
export function toEventId({ timestampMs, sequence }: LogPosition): string {
  return String(timestampMs).padStart(timeDigits, "0") + String(sequence).padStart(sequenceDigits, "0");
}

/** `f/` or `b/` with an event id: events after it, or before it. */
export function toToken(direction: "forward" | "backward", position: LogPosition): string {
  return `${direction === "forward" ? "f" : "b"}/${toEventId(position)}`;
}

/** Throws `InvalidParameterException` for a token that was never given out. */
export function parseToken(token: string): { direction: "forward" | "backward"; position: LogPosition } {
  const match = /^([fb])\/(\d{20})(\d{36})$/.exec(token);
  if (match === null) throw invalidParameter("The specified nextToken is invalid.");
  return {
    direction: match[1] === "f" ? "forward" : "backward",
    position: { timestampMs: Number(match[2]), sequence: Number(match[3]) },
  };
}
