/**
 * What truly happened in a run, and what must hold of it:
 *
 * X1. Nothing is lost: each record was processed, given up to a destination or dead-letter queue, or filtered.
 * X2. A record is sent to the function only when every earlier one of its key (or FIFO group) is done with, or stands before it in the batch.
 * X3. What is filtered never reaches the function, and nothing else is given up as if it were.
 * X4. Records that are given up after their attempts had exactly MaximumRetryAttempts + 1 of them (more where the batch was split), and,
 *     under bisecting, are given up one by one.
 * X5. No record is sent, and none is given up as too old, but by MaximumRecordAgeInSeconds.
 * X6. A checkpoint never moves backwards.
 * X7. No more batches are in hand than ParallelizationFactor allows for a shard, or MaximumConcurrency for a queue.
 * X8. The states of all tumbling windows, at their final invokes, count every record once.
 */
import { InvariantError } from "@tripline/kernel";
import type { Plan } from "./plan.ts";

/** One record or message that was sent. */
export interface Sent {
  id: string;
  key: string;
  isPoison: boolean;
  isWanted: boolean;
  sentAtMs: number;
}

/** What an on-failure destination was told. */
export interface GivenUp {
  condition: string;
  invokeCount: number;
  ids: string[];
  atMs: number;
}

/** See the module's header. */
export class Ledger {
  readonly sent: Map<string, Sent> = new Map();
  readonly processed: Set<string> = new Set();
  readonly lost: Set<string>;
  readonly #plan: Plan;
  readonly #byKey = new Map<string, Sent[]>();
  readonly #inHand = new Map<string, number>();
  readonly #checkpoints = new Map<string, bigint>();
  readonly #finals = new Map<string, number>();

  /** `lost`: ids of what went to a dead-letter queue, as it goes. */
  constructor(plan: Plan, lost: Set<string>) {
    this.#plan = plan;
    this.lost = lost;
  }

  add(sent: Sent): void {
    this.sent.set(sent.id, sent);
    this.#byKey.set(sent.key, [...(this.#byKey.get(sent.key) ?? []), sent]);
  }

  /** A batch goes to the function. `lane`: its shard, or the queue. */
  begin(lane: string, ids: readonly string[], nowMs: number): void {
    const { settings, source } = this.#plan;
    const count = (this.#inHand.get(lane) ?? 0) + 1;
    this.#inHand.set(lane, count);
    const most = source === "stream" ? settings.ParallelizationFactor : (settings.maximumConcurrency ?? Infinity);
    check(count <= most, "X7", `${count} batches of ${lane} are in hand, ${most} may be`);
    const before = new Set<string>();
    for (const id of ids) {
      const record = this.#get(id);
      check(record.isWanted, "X3", `${id} is not wanted`);
      const ageMs = settings.MaximumRecordAgeInSeconds * 1_000;
      const isOld = source === "stream" && ageMs > 0 && nowMs - record.sentAtMs > ageMs;
      check(!isOld, "X5", `${id} is too old to be sent`);
      if (source !== "queue") this.#checkOrder(record, before);
      before.add(id);
    }
  }

  /** The function is no longer at work on it. */
  end(lane: string): void {
    this.#inHand.set(lane, (this.#inHand.get(lane) ?? 1) - 1);
  }

  /** A crash: nothing is in hand any more. */
  forgetWhatIsInHand(): void {
    this.#inHand.clear();
  }

  succeeded(ids: readonly string[]): void {
    for (const id of ids) this.processed.add(id);
  }

  gaveUp({ condition, invokeCount, ids, atMs }: GivenUp): void {
    const { settings } = this.#plan;
    for (const id of ids) this.lost.add(id);
    if (condition === "RecordAgeExceeded") {
      const ageMs = settings.MaximumRecordAgeInSeconds * 1_000;
      for (const id of ids) {
        check(ageMs > 0 && atMs - this.#get(id).sentAtMs > ageMs, "X5", `${id} is not too old`);
      }
      return;
    }
    const attempts = settings.MaximumRetryAttempts + 1;
    if (settings.BisectBatchOnFunctionError) {
      check(ids.length === 1, "X4", `${ids.length} records are given up together`);
      check(invokeCount >= attempts, "X4", `${invokeCount} tries of ${attempts}`);
    } else check(invokeCount === attempts, "X4", `${invokeCount} tries of ${attempts}`);
  }

  checkpoint(key: string, after: string | undefined): void {
    const place = BigInt(after ?? 0);
    const before = this.#checkpoints.get(key) ?? 0n;
    check(place >= before, "X6", `${key} goes from ${before} to ${place}`);
    this.#checkpoints.set(key, place);
  }

  /** A change of ParallelizationFactor makes lanes anew. */
  forgetCheckpoint(key: string): void {
    this.#checkpoints.delete(key);
  }

  /** The final invoke of a window; a crash may repeat it. */
  windowEnded(shard: string, start: string, count: number): void {
    this.#finals.set(`${shard} ${start}`, count);
  }

  /** After the run has come to rest. */
  finish(): void {
    for (const { id, isWanted } of this.sent.values()) {
      check(!isWanted || this.processed.has(id) || this.lost.has(id), "X1", `${id} is lost`);
      check(isWanted || !this.lost.has(id), "X3", `${id} was given up, and not wanted`);
    }
    if (this.#plan.settings.TumblingWindowInSeconds === 0) return;
    const counted = Array.from(this.#finals.values()).reduce((sum, count) => sum + count, 0);
    const wanted = Array.from(this.sent.values()).filter(({ isWanted }) => isWanted).length;
    check(counted === wanted, "X8", `windows counted ${counted} of ${wanted} records`);
  }

  /** X2. */
  #checkOrder(record: Sent, before: ReadonlySet<string>): void {
    for (const earlier of this.#byKey.get(record.key) ?? []) {
      if (earlier === record) return;
      const isDone =
        !earlier.isWanted || this.processed.has(earlier.id) || this.lost.has(earlier.id) || before.has(earlier.id);
      check(isDone, "X2", `${record.id} of ${record.key} overtakes ${earlier.id}`);
    }
  }

  #get(id: string): Sent {
    const record = this.sent.get(id);
    check(record !== undefined, "X3", `${id} was never sent`);
    return record;
  }
}

function check(condition: unknown, rule: string, what: string): asserts condition {
  if (!condition) throw new InvariantError(`${rule}: ${what}`);
}
