/** Values as text: labels, query parameters, headers, and the fields of the query protocol. */
import { Buffer } from "node:buffer";
import type { Shape } from "../model/shape.ts";
import { serializationException } from "../wire-errors.ts";
import { parseTimestamp, type SettledFormat, writeTimestamp } from "./timestamps.ts";

/** Reads `text` as `shape`; a list is separated by commas. Throws SerializationException where it is no such value. */
export function parseText(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case "string":
      return text;
    case "number":
      return parseNumber(text);
    case "boolean":
      return parseBoolean(text);
    case "timestamp":
      return parseTimestamp(text);
    case "blob":
      return parseBase64(text);
    case "list":
      return text === "" ? [] : text.split(",").map((item) => parseText(shape.item, item.trim()));
    case "document":
    case "map":
    case "structure":
      throw serializationException(`A ${shape.kind} cannot be read from the text ${text}.`);
  }
}

/** Writes `value` as `shape`, timestamps in `format` where the model names none. */
export function writeText(shape: Shape, value: unknown, format: SettledFormat): string {
  if (value instanceof Date) {
    const named = shape.kind === "timestamp" && shape.format !== "default" ? shape.format : format;
    return String(writeTimestamp(value, named));
  }
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) {
    const { item } = shape.kind === "list" ? shape : { item: shape };
    return value.map((one) => writeText(item, one, format)).join(", ");
  }
  return String(value);
}

/** Bytes of base64. Throws SerializationException. */
export function parseBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(text)) throw serializationException("The value is not base64.");
  return bytes;
}

/** Base64 of bytes, without copying them. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value))
    throw serializationException(`${text} can not be converted to a number.`);
  return value;
}

function parseBoolean(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  throw serializationException(`${text} can not be converted to a Boolean.`);
}
