/** Timestamps as text and numbers. https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait */
import type { TimestampFormat } from "../model/shape.ts";
import { serializationException } from "../wire-errors.ts";

/** A format that is settled. */
export type SettledFormat = Exclude<TimestampFormat, "default">;

/** Reads a timestamp in any of the formats: clients of different ages send different ones. Throws SerializationException. */
export function parseTimestamp(value: unknown): Date {
  if (value instanceof Date) return value; // of CBOR
  if (typeof value === "number" && Number.isFinite(value)) return new Date(Math.round(value * 1000));
  if (typeof value === "string" && value !== "") {
    if (/^-?\d+(\.\d+)?$/.test(value)) return new Date(Math.round(Number(value) * 1000));
    const ms = Date.parse(value);
    if (!Number.isNaN(ms)) return new Date(ms);
  }
  throw serializationException(`${String(value)} is not a timestamp.`);
}

/** Writes a timestamp: seconds (a number), ISO 8601 in UTC, or `Thu, 01 Jan 2026 00:00:00 GMT`. */
export function writeTimestamp(date: Date, format: SettledFormat): string | number {
  if (format === "epoch-seconds") return date.getTime() / 1000;
  return format === "date-time" ? date.toISOString() : date.toUTCString();
}
