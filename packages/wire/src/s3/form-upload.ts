/**
 * An upload by an HTML form (`multipart/form-data`): fields, and then one file, whose bytes are handed on as they come.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 *
 * P1. Fields behind the file are not looked at, as S3 does not look at them.
 * P2. A form that ends early is an error, and never a shorter object.
 */
import { Buffer } from "node:buffer";
import { ServiceError } from "@tripline/kernel";
import type { EndpointRequest } from "../endpoint-request.ts";
import { incompleteBody } from "./aws-chunked.ts";

/** What a form holds. */
export interface FormUpload {
  /** By name in lower case. */
  Fields: Record<string, string>;
  FileName: string;
  /** The file's bytes, to be read once. */
  Body: AsyncIterable<Uint8Array>;
}

const fieldsBytesMax = 20 * 1024;
const headBytesMax = 8 * 1024;

/** Whether `request` is a form. */
export function isForm(request: EndpointRequest): boolean {
  return (request.headers["content-type"] ?? "").startsWith("multipart/form-data");
}

/** Reads the fields, up to the file. Throws `MalformedPOSTRequest`, `MaxPostPreDataLengthExceededError`, `InvalidArgument`. */
export async function openForm(request: EndpointRequest): Promise<FormUpload> {
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/.exec(request.headers["content-type"] ?? "");
  if (boundary === null) throw malformed();
  const reader = new FormReader(request.stream(), `\r\n--${boundary[1] ?? boundary[2] ?? ""}`);
  const fields: Record<string, string> = {};
  let bytes = 0;
  await reader.begin();
  while (await reader.hasPart()) {
    const head = (await reader.readUntil("\r\n\r\n", headBytesMax)).toString("utf8");
    const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) throw malformed();
    if (name.toLowerCase() === "file") {
      const path = /;\s*filename="([^"]*)"/i.exec(head)?.[1] ?? "";
      return { Fields: fields, FileName: path.split(/[\\/]/).at(-1) ?? "", Body: reader.rest() };
    }
    const value = await reader.readUntil(reader.boundary, fieldsBytesMax);
    bytes += value.byteLength;
    if (bytes > fieldsBytesMax) throw tooLong();
    fields[name.toLowerCase()] = value.toString("utf8");
  }
  throw new ServiceError("InvalidArgument", "POST requires exactly one file upload per request.", {
    members: { ArgumentName: "file", ArgumentValue: "0" },
  });
}

class FormReader {
  readonly boundary: string;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.from("\r\n"); // the first boundary has no line before it

  constructor(source: AsyncIterable<Uint8Array>, boundary: string) {
    this.boundary = boundary;
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** What stands before the first part is skipped. */
  async begin(): Promise<void> {
    await this.readUntil(this.boundary, headBytesMax);
  }

  /** Behind a boundary: whether another part follows. */
  async hasPart(): Promise<boolean> {
    while (this.#rest.byteLength < 2) await this.#more();
    const mark = this.#rest.toString("latin1", 0, 2);
    if (mark !== "\r\n" && mark !== "--") throw malformed();
    this.#rest = this.#rest.subarray(2);
    return mark === "\r\n";
  }

  /** The bytes up to `mark`, which is taken too. */
  async readUntil(mark: string, bytesMax: number): Promise<Buffer> {
    let at = this.#rest.indexOf(mark);
    while (at === -1) {
      if (this.#rest.byteLength > bytesMax) throw tooLong();
      await this.#more();
      at = this.#rest.indexOf(mark);
    }
    const bytes = this.#rest.subarray(0, at);
    this.#rest = this.#rest.subarray(at + mark.length);
    return bytes;
  }

  /** The bytes up to the next boundary; what follows is read and dropped. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    const kept = this.boundary.length - 1; // a boundary may span two pieces
    try {
      for (;;) {
        const at = this.#rest.indexOf(this.boundary);
        const end = at === -1 ? this.#rest.byteLength - kept : at;
        if (end > 0) yield this.#rest.subarray(0, end);
        if (at !== -1) break;
        if (end > 0) this.#rest = this.#rest.subarray(end);
        await this.#more();
      }
      while ((await this.#pieces.next()).done !== true); // P1
    } finally {
      await this.#pieces.return?.();
    }
  }

  async #more(): Promise<void> {
    const next = await this.#pieces.next();
    if (next.done === true) throw incompleteBody(); // P2
    this.#rest = Buffer.concat([this.#rest, next.value]);
  }
}

function malformed(): ServiceError {
  return new ServiceError(
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
  );
}

function tooLong(): ServiceError {
  return new ServiceError(
    "MaxPostPreDataLengthExceededError",
    "Your POST request fields preceding the upload file were too large.",
  );
}
