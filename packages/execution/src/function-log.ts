/**
 * Takes apart what a function's process writes: raw lines, and AWS's telemetry frames among them (a 16-byte header: type, length,
 * time; then text that may have several lines).
 *
 * L1. A raw line ends at its line break; what is left when the process ends is a line too.
 * L2. A frame is one event. It begins with `a5 5a 00`, which no UTF-8 text contains.
 */
const frameMark = Buffer.from([0xa5, 0x5a, 0x00]);
const frameHeadBytes = 16;

/** Splits one process's output into log events. */
export class FunctionLogReader {
  readonly #take: (message: string) => void;
  #held: Buffer = Buffer.alloc(0);

  constructor(take: (message: string) => void) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#held.length > 0 && this.#step());
  }

  /** L1. */
  end(): void {
    if (this.#held.length > 0) this.#take(this.#held.toString("utf8"));
    this.#held = Buffer.alloc(0);
  }

  #step(): boolean {
    const frameAt = this.#held.indexOf(frameMark);
    if (frameAt === 0) return this.#readFrame();
    const lineEnd = this.#held.indexOf(10);
    if (frameAt > 0 && (lineEnd < 0 || frameAt < lineEnd)) {
      this.#take(this.#held.toString("utf8", 0, frameAt));
      this.#held = this.#held.subarray(frameAt);
      return true;
    }
    if (lineEnd < 0) return false;
    this.#take(this.#held.toString("utf8", 0, lineEnd));
    this.#held = this.#held.subarray(lineEnd + 1);
    return true;
  }

  #readFrame(): boolean {
    if (this.#held.length < frameHeadBytes) return false;
    const end = frameHeadBytes + this.#held.readUInt32BE(4);
    if (this.#held.length < end) return false;
    const hasBreak = this.#held[end - 1] === 10;
    this.#take(this.#held.toString("utf8", frameHeadBytes, hasBreak ? end - 1 : end));
    this.#held = this.#held.subarray(end);
    return true;
  }
}

/** The last 4 KB of an invocation's log. */
export class LogTail {
  readonly #lines: string[] = [];
  #bytes = 0;

  add(line: string): void {
    this.#lines.push(line);
    this.#bytes += line.length + 1;
    while (this.#bytes > 16_384 && this.#lines.length > 1) this.#bytes -= (this.#lines.shift() ?? "").length + 1;
  }

  toString(): string {
    const bytes = Buffer.from(this.#lines.map((line) => `${line}\n`).join(""));
    return bytes.subarray(Math.max(0, bytes.length - 4096)).toString("utf8");
  }
}
