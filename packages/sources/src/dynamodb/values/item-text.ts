/** Items as the text that is stored, and that stream records carry: DynamoDB's JSON, binary values in base64. */
import { type AttributeValue, type Item, toBase64 } from "./attribute-value.ts";

export function toItemText(item: Item): string {
  return Object.values(item).some(hasBytes) ? JSON.stringify(item, replaceBytes) : JSON.stringify(item);
}

function hasBytes(value: AttributeValue): boolean {
  if (value.L !== undefined) return value.L.some(hasBytes);
  if (value.M !== undefined) return Object.values(value.M).some(hasBytes);
  return value.B !== undefined || value.BS !== undefined;
}

/** `value` may be what the `toJSON` of a Buffer made. */
function replaceBytes(this: unknown, key: string, value: unknown): unknown {
  const own = (this as Record<string, unknown>)[key];
  return own instanceof Uint8Array ? toBase64(own) : value;
}

export function parseItemText(text: string): Item {
  const item = JSON.parse(text) as Item;
  if (text.includes('"B":') || text.includes('"BS":')) for (const value of Object.values(item)) revive(value);
  return item;
}

function revive(value: AttributeValue): void {
  if (value.B !== undefined) value.B = fromBase64(value.B);
  else if (value.BS !== undefined) value.BS = value.BS.map(fromBase64);
  else if (value.L !== undefined) value.L.forEach(revive);
  else if (value.M !== undefined) Object.values(value.M).forEach(revive);
}

function fromBase64(text: unknown): Buffer {
  return Buffer.from(text as string, "base64");
}
