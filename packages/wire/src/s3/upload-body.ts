/**
 * The body of an S3 request: its own bytes, whatever framing they came in, checked against every checksum that came with them.
 *
 * U1. The bytes are handed on as they come; a length or checksum that does not hold is thrown after the last of them. Whoever stores
 *     them keeps nothing then.
 * U2. Checksums may be headers or trailers. Those of trailers are told to `onTrailer` before the body ends.
 * U3. `x-amz-content-sha256` is part of the signature, which is not verified yet.
 * U4. A checksum in an algorithm that is not computed here (xxHash) is refused by name.
 */
import { Buffer } from "node:buffer";
import { ServiceError } from "@tripline/kernel";
import type { EndpointRequest } from "../endpoint-request.ts";
import { bodyTooLarge, notImplemented } from "../wire-errors.ts";
import { decodeAwsChunked, incompleteBody, malformedTrailer } from "./aws-chunked.ts";
import { type ChecksumAlgorithm, checksumAlgorithms, contentMd5 } from "./checksum-algorithms.ts";

/** A body that is still to be read, once. */
export interface UploadBody {
  /** Bytes of the object, as announced; undefined where nothing was. */
  lengthBytes: number | undefined;
  stream: AsyncIterable<Uint8Array>;
}

/** Members of an input that this module honours for every operation. */
export const honouredByUpload: ReadonlySet<string> = new Set([
  "ChecksumAlgorithm",
  "ChecksumCRC32",
  "ChecksumCRC32C",
  "ChecksumCRC64NVME",
  "ChecksumSHA1",
  "ChecksumSHA256",
  "ChecksumSHA512",
  "ChecksumMD5",
  "ContentLength",
  "ContentMD5",
]);

/** Whether the body is framed. */
export function isAwsChunked(headers: EndpointRequest["headers"]): boolean {
  return (
    /(^|,)\s*aws-chunked\s*(,|$)/.test(headers["content-encoding"] ?? "") ||
    (headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-")
  );
}

/** Opens the body of `request`. Throws ServiceError (InvalidDigest, InvalidRequest) for checksums that are none. */
export function openUploadBody(request: EndpointRequest, onTrailer: (name: string, value: string) => void): UploadBody {
  const { headers } = request;
  const isChunked = isAwsChunked(headers);
  const announced = isChunked ? headers["x-amz-decoded-content-length"] : headers["content-length"];
  const lengthBytes = announced === undefined ? undefined : Number(announced);
  const checks = expectedChecksums(headers, isChunked);
  return { lengthBytes, stream: verify(request, { isChunked, lengthBytes, checks, onTrailer }) };
}

/** Reads a whole body that is a document. Throws MaxMessageLengthExceeded (400) over `limitBytes`. */
export async function readUpload(body: UploadBody, limitBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body.stream) {
    bytes += piece.byteLength;
    if (bytes > limitBytes) throw bodyTooLarge(limitBytes);
    pieces.push(piece);
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

interface Expected {
  header: string;
  algorithm: ChecksumAlgorithm;
  /** Undefined until its trailer has come. */
  value: string | undefined;
}

interface Checks {
  isChunked: boolean;
  lengthBytes: number | undefined;
  checks: readonly Expected[];
  onTrailer: (name: string, value: string) => void;
}

async function* verify(request: EndpointRequest, expected: Checks): AsyncGenerator<Uint8Array, void, undefined> {
  const { checks, lengthBytes } = expected;
  const running = checks.map((check) => ({ check, checksum: check.algorithm.create() }));
  const source = expected.isChunked
    ? decodeAwsChunked(request.stream(), (name, value) => {
        const check = checks.find((one) => one.header === name);
        if (check !== undefined) check.value ??= valid(name, check.algorithm, value);
        expected.onTrailer(name, value);
      })
    : request.stream();
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.byteLength;
    if (lengthBytes !== undefined && bytes > lengthBytes) throw incompleteBody();
    for (const { checksum } of running) checksum.update(piece);
    yield piece;
  }
  if (lengthBytes !== undefined && bytes !== lengthBytes) throw incompleteBody();
  for (const { check, checksum } of running) {
    if (check.value === undefined) throw malformedTrailer();
    const calculated = await checksum.digest();
    if (calculated !== check.value) throw badDigest(check, calculated);
  }
}

function expectedChecksums(headers: EndpointRequest["headers"], isChunked: boolean): Expected[] {
  const expected: Expected[] = [];
  const md5 = headers["content-md5"];
  if (md5 !== undefined) expected.push({ header: "content-md5", algorithm: contentMd5, value: validMd5(md5) });
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith("x-amz-checksum-") || notValues.has(header)) continue;
    const algorithm = algorithmOf(header);
    expected.push({ header, algorithm, value: valid(header, algorithm, value) });
  }
  if (!isChunked) return expected;
  for (const name of (headers["x-amz-trailer"] ?? "").split(",")) {
    const header = name.trim().toLowerCase();
    if (header.startsWith("x-amz-checksum-"))
      expected.push({ header, algorithm: algorithmOf(header), value: undefined });
  }
  return expected;
}

/** They say how to check, not what. */
const notValues: ReadonlySet<string> = new Set([
  "x-amz-checksum-algorithm",
  "x-amz-checksum-mode",
  "x-amz-checksum-type",
]);

function algorithmOf(header: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.get(header);
  if (algorithm === undefined) throw notImplemented(`Tripline does not compute the checksum of the header ${header}.`); // U4
  return algorithm;
}

function valid(header: string, algorithm: ChecksumAlgorithm, value: string): string {
  if (isBase64Of(value, algorithm.bytes)) return value;
  throw new ServiceError("InvalidRequest", `Value for ${header} header is invalid.`);
}

function validMd5(value: string): string {
  if (isBase64Of(value, contentMd5.bytes)) return value;
  throw new ServiceError("InvalidDigest", "The Content-MD5 you specified is not valid.", {
    members: { "Content-MD5": value },
  });
}

function isBase64Of(value: string, bytes: number): boolean {
  const decoded = Buffer.from(value, "base64");
  return decoded.byteLength === bytes && decoded.toString("base64") === value;
}

function badDigest(check: Expected, calculated: string): ServiceError {
  if (check.algorithm !== contentMd5) {
    return new ServiceError(
      "BadDigest",
      `The ${check.algorithm.name} you specified did not match the calculated checksum.`,
    );
  }
  return new ServiceError("BadDigest", "The Content-MD5 you specified did not match what we received.", {
    members: { ExpectedDigest: check.value, CalculatedDigest: calculated },
  });
}
