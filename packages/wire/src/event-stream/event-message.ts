/**
 * One message of an event stream: `total length, headers length, checksum of both, headers, payload, checksum of all`.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

/** A message's headers; values are text. */
export type EventHeaders = Readonly<Record<string, string>>;

const preludeBytes = 12;
const checksumBytes = 4;
const stringType = 7;

/** The bytes of a message. */
export function encodeEventMessage(headers: EventHeaders, payload: Uint8Array): Uint8Array {
  const names = Object.entries(headers);
  let headersBytes = 0;
  for (const [name, value] of names) headersBytes += 4 + Buffer.byteLength(name) + Buffer.byteLength(value);
  const totalBytes = preludeBytes + headersBytes + payload.byteLength + checksumBytes;
  const message = Buffer.allocUnsafe(totalBytes);
  message.writeUInt32BE(totalBytes, 0);
  message.writeUInt32BE(headersBytes, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  let at = preludeBytes;
  for (const [name, value] of names) {
    at = message.writeUInt8(Buffer.byteLength(name), at);
    at += message.write(name, at);
    at = message.writeUInt8(stringType, at);
    at = message.writeUInt16BE(Buffer.byteLength(value), at);
    at += message.write(value, at);
  }
  message.set(payload, at);
  message.writeUInt32BE(crc32(message.subarray(0, totalBytes - checksumBytes)), totalBytes - checksumBytes);
  return message;
}
