import { resolve } from "node:path";
import type { ClockChoice } from "@tripline/simulator";
import { InvalidArgumentError } from "commander";

/** `real`, `virtual` or `scaled:N`. */
export function parseClock(text: string): ClockChoice {
  if (text === "real") return "system";
  if (text === "virtual") return "virtual";
  const factor = /^scaled:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (factor !== undefined && Number(factor) > 0) return { scaled: Number(factor) };
  throw new InvalidArgumentError("It is real, virtual or scaled:N with N above 0.");
}

/** A port, 0 to 65535; 0 is a free one. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It is a number from 0 to 65535 (0: a free port).");
}

/** `bucket=folder`, collected. */
export function collectDrop(
  text: string,
  before: { bucket: string; folder: string }[],
): { bucket: string; folder: string }[] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError("It has the form bucket=folder.");
  return [...before, { bucket: text.slice(0, at), folder: resolve(text.slice(at + 1)) }];
}

/** `pool=file` or `pool=URL`, collected. */
export function collectPoolKeys(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  const place = text.slice(at + 1);
  if (at < 1 || place === "") throw new InvalidArgumentError("It has the form id=file, or id=URL.");
  return { ...before, [text.slice(0, at)]: /^https?:/.test(place) ? place : resolve(place) };
}

/** `Key=Value`, collected. */
export function collectParameter(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It has the form Name=Value.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `recorded=local`, collected. */
export function collectMapping(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError("It has the form recorded=local.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `process` or `inline`. */
export function parseIsolation(text: string): "process" | "inline" {
  if (text === "process" || text === "inline") return text;
  throw new InvalidArgumentError("It is process or inline.");
}
