/** Memory that the appends of a turn are encoded into, and that tails keep for as long as they need it. */
import { Buffer } from "node:buffer";
import type { NewShardRecord, ShardPlace } from "@tripline/kernel";
import { addressBytes, recordBytes, writeRecord } from "./shard-record-bytes.ts";

/** A record that is larger has a piece of its own. */
const pieceBytes = 256 * 1_024;

/** See the module's header. */
export class AppendBuffer {
  #piece: Buffer = Buffer.alloc(0);
  #end = 0;
  /** Where the turn begins in the piece. */
  #turnStart = 0;
  /** What the turn wrote into pieces that are full. */
  #full: Buffer[] = [];

  /** Where the record begins, after its address. */
  write(record: NewShardRecord, place: ShardPlace): { buffer: Buffer; start: number } {
    const bytes = recordBytes(record);
    if (this.#end + addressBytes + bytes > this.#piece.byteLength) this.#begin(addressBytes + bytes);
    const at = this.#end;
    writeRecord(this.#piece, at, bytes, record, place);
    this.#end = at + addressBytes + bytes;
    return { buffer: this.#piece, start: at + addressBytes };
  }

  /** What the turn wrote, in order. */
  written(): Buffer[] {
    const last = this.#piece.subarray(this.#turnStart, this.#end);
    return last.byteLength === 0 ? this.#full : [...this.#full, last];
  }

  endTurn(): void {
    this.#full = [];
    this.#turnStart = this.#end;
  }

  #begin(bytes: number): void {
    this.#full = this.written();
    this.#piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, bytes));
    this.#end = 0;
    this.#turnStart = 0;
  }
}
