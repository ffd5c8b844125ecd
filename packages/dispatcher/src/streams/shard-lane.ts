/**
 * Takes the records of one slice of one shard to the function, one batch at a time.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 *
 * L1. Nothing is polled: an append, the end of a window and the end of a wait wake it.
 * L2. The next batch begins when the one before is done or given up. Its pieces are worked on in order.
 * L3. The checkpoint moves after the function has answered, and after a destination was told: a crash repeats, and loses nothing.
 * L4. Throttles and system errors use up no attempt; they and failures alike end when the records are too old.
 * L5. After `stop` nothing more is sent; what is at the function is waited for, a wait is given up.
 * Differs from AWS: a batch begins as soon as there is a record, where Lambda looks once a second.
 */
import { type InvokeResult, isServiceError } from "@tripline/kernel";
import { toFailureKey } from "../failure-key.ts";
import { countEvents } from "../mapping-metrics.ts";
import { parseBatchResponse } from "../mappings/batch-response.ts";
import { toFunctionArn } from "../mappings/event-source-mapping.ts";
import { type FailureFacts, type GiveUpCondition, toFailureRecord } from "./failure-record.ts";
import type { LaneCheckpoint, LaneCheckpoints } from "./lane-checkpoint.ts";
import { LanePause } from "./lane-pause.ts";
import type { LaneReader } from "./lane-reader.ts";
import { nextStep } from "./next-step.ts";
import { compareSequence } from "./sequence-order.ts";
import { afterFailure, backoffMs, type BatchRecord, type Failure, type Piece } from "./stream-batch.ts";
import { toStreamEvent } from "./stream-event.ts";
import type { StreamHouse, StreamMapping } from "./stream-house.ts";
import { tellRecords, toDeliveryId } from "./tell-records.ts";
import { readState, toWindowMembers, windowStartMs } from "./tumbling-window.ts";

/** What a lane needs. */
export interface ShardLaneOptions {
  house: StreamHouse;
  mapping: () => StreamMapping;
  /** How long the stream keeps records, milliseconds. */
  retentionMs: () => number;
  reader: LaneReader;
  checkpoint: LaneCheckpoint;
  checkpoints: LaneCheckpoints;
  /** The shard is closed, and this slice of it done; durable. */
  onEnd: () => void;
  /** The stream cannot be read (any more). */
  onLost: (error: unknown) => void;
  /** After each invoke: whether it succeeded. */
  onResult: (isOk: boolean) => void;
}

/** See the module's header. */
export class ShardLane {
  readonly #options: ShardLaneOptions;
  readonly #house: StreamHouse;
  readonly #reader: LaneReader;
  readonly #pause: LanePause;
  #checkpoint: LaneCheckpoint;
  #isDirty = false;
  #pieces: Piece[] = [];
  /** The batch in hand ends its window. */
  #isFinal = false;
  /** When the batch that is gathered began. */
  #openedAtMs: number | undefined;
  #throttles = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ShardLaneOptions) {
    this.#options = options;
    this.#house = options.house;
    this.#reader = options.reader;
    this.#checkpoint = options.checkpoint;
    this.#pause = new LanePause(options.house, () => {
      const { eventSourceArn, functionName } = options.mapping();
      return `${options.checkpoint.shardId} of ${eventSourceArn} for ${functionName}`;
    });
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There may be something to read, or a function to send it to. */
  wake(): void {
    this.#pause.wake();
  }

  /** L5. */
  async stop(): Promise<void> {
    this.#pause.stop();
    await this.#running;
  }

  get checkpoint(): LaneCheckpoint {
    return this.#checkpoint;
  }

  async #run(): Promise<void> {
    try {
      await this.#resumePieces();
      while (!this.#pause.isStopped) {
        if (this.#pieces.length > 0) await this.#work();
        else if (await this.#gather()) break;
      }
      if (this.#isDirty) await this.#save();
    } catch (error) {
      this.#options.onLost(error);
    } finally {
      this.#pause.close();
    }
  }

  /** C2 of the checkpoint: what an earlier run had tried. */
  async #resumePieces(): Promise<void> {
    const kept = this.#checkpoint.pieces ?? [];
    const last = kept.at(-1)?.last;
    if (last === undefined) return;
    const { ahead } = this.#reader;
    for (let count = 0; ; count = ahead.length) {
      await this.#reader.fill(count);
      const furthest = ahead.at(-1)?.record.sequenceNumber;
      if (ahead.length <= count || (furthest !== undefined && compareSequence(furthest, last) >= 0)) break;
    }
    for (const { last: end, attempts, invokes } of kept) {
      const count = ahead.filter(({ record }) => compareSequence(record.sequenceNumber, end) <= 0).length;
      if (count > 0) this.#pieces.push({ records: this.#reader.shift(count), attempts, invokes });
    }
  }

  /** Reads, and makes a batch or waits for more. True at the end of the shard. */
  async #gather(): Promise<boolean> {
    this.#pause.listenAnew();
    await this.#reader.fill(this.#options.mapping().batchSize);
    if (this.#pause.isStopped) return false;
    if (this.#reader.ahead.length === 0) this.#pass();
    else this.#openedAtMs ??= this.#house.clock.now();
    const { batchSize, batchingWindowSeconds, stream } = this.#options.mapping();
    const tumblingWindowMs = stream.tumblingWindowSeconds * 1_000;
    const { ahead, isEnd } = this.#reader;
    const nowMs = this.#house.clock.now();
    const window = this.#openWindow(tumblingWindowMs);
    const next = nextStep(
      { ahead, isEnd, nowMs, openedAtMs: this.#openedAtMs ?? nowMs, window },
      { batchSize, batchingWindowMs: batchingWindowSeconds * 1_000, tumblingWindowMs },
    );
    switch (next.act) {
      case "send":
        this.#isFinal = next.isFinal;
        this.#pieces = [{ records: this.#reader.shift(next.count), attempts: 0, invokes: 0 }];
        this.#openedAtMs = undefined;
        return false;
      case "end":
        this.#checkpoint = { ...this.#checkpoint, isDone: true };
        await this.#save();
        this.#options.onEnd();
        return true;
      case "wait":
        await this.#pause.park(next.dueMs);
        return false;
    }
  }

  /** The window of what comes next, begun where none is. */
  #openWindow(windowMs: number): LaneCheckpoint["window"] {
    const first = this.#reader.ahead[0];
    if (windowMs === 0) {
      if (this.#checkpoint.window !== undefined) this.#setWindow(undefined); // the mapping had windows before
      return undefined;
    }
    if (this.#checkpoint.window === undefined && first !== undefined) {
      this.#setWindow({ startMs: windowStartMs(first.record.arrivedAtMs, windowMs), state: {} });
    }
    return this.#checkpoint.window;
  }

  /** Nothing of what was read is for the function: the place moves on, and is kept with the next change. */
  #pass(): void {
    const { readAfter } = this.#reader;
    if (readAfter === undefined || readAfter === this.#checkpoint.after) return;
    this.#checkpoint = { ...this.#checkpoint, after: readAfter };
    this.#isDirty = true;
  }

  /** One try of the first piece. */
  async #work(): Promise<void> {
    const piece = this.#pieces[0];
    const mapping = this.#options.mapping();
    if (piece === undefined) return;
    const tooOld = this.#countTooOld(piece, mapping);
    if (tooOld > 0) return this.#expire(piece, tooOld);
    const target = this.#house.functions.find(mapping.functionName, mapping.qualifier);
    if (target === undefined) return this.#pause.park(undefined);

    const event = this.#toEvent(piece, mapping);
    let result: InvokeResult;
    countEvents(this.#house, mapping, "InvokedEventCount", piece.records.length);
    try {
      result = await this.#house.invoker.invoke({
        functionName: mapping.functionName,
        ...(mapping.qualifier === undefined ? {} : { qualifier: mapping.qualifier }),
        payload: Buffer.from(event),
        source: this.#service(),
        attempt: piece.invokes + 1,
        deliveryIds: piece.records.map(({ record }) => toDeliveryId(mapping, record)),
      });
    } catch (error) {
      if (!isServiceError(error)) throw error;
      if (error.status === 429 || error.status >= 500) {
        countEvents(this.#house, mapping, "FailedInvokeEventCount", piece.records.length);
        this.#tell(piece.records, "retrying", piece.invokes, error.message);
        return this.#pause.wait(this.#house.clock.now() + backoffMs(++this.#throttles)); // L4
      }
      const response = { statusCode: error.status, executedVersion: "$LATEST", functionError: null };
      return this.#fail(piece, { from: 0, isReported: false }, error.message, { response, event });
    }
    this.#throttles = 0;
    await this.#answer(piece, mapping, result, event);
  }

  async #answer(piece: Piece, mapping: StreamMapping, result: InvokeResult, event: string): Promise<void> {
    const { requestId } = result;
    const isError = result.functionError !== undefined;
    const response = {
      statusCode: 200,
      executedVersion: result.executedVersion,
      functionError: isError ? ("Unhandled" as const) : null,
    };
    const all: Failure = { from: 0, isReported: false };
    const fail = (failure: Failure, reason: string): Promise<void> =>
      this.#fail(piece, failure, reason, { response, event, requestId });
    if (isError) return fail(all, result.errorMessage ?? result.errorType ?? "the function failed");

    const isLast = this.#isFinal && this.#pieces.length === 1;
    const next = mapping.stream.tumblingWindowSeconds === 0 ? undefined : readState(result.payload);
    if (mapping.stream.tumblingWindowSeconds > 0 && !isLast && next === undefined) {
      return fail(all, "the response has no state, which a tumbling window needs");
    }
    const { window } = this.#checkpoint;
    const advance = (): void => {
      if (window !== undefined && next !== undefined) this.#setWindow({ startMs: window.startMs, ...next });
    };
    if (mapping.reportsBatchItemFailures && piece.records.length > 0) {
      const ids = new Set(piece.records.map(({ record }) => record.sequenceNumber));
      const report = parseBatchResponse(result.payload, ids);
      if ("invalid" in report) return fail(all, `every record failed: ${report.invalid}`);
      if (report.failed.size > 0) {
        const from = piece.records.findIndex(({ record }) => report.failed.has(record.sequenceNumber));
        if (from > 0) advance();
        return fail({ from, isReported: true }, "reported in batchItemFailures");
      }
    }
    this.#options.onResult(true);
    this.#pieces.shift();
    advance();
    if (isLast) this.#setWindow(undefined);
    await this.#settle(piece.records);
    this.#tell(piece.records, "delivered", piece.invokes + 1);
  }

  async #fail(
    piece: Piece,
    failure: Failure,
    reason: string,
    told: { response: FailureFacts["response"]; event: string; requestId?: string },
  ): Promise<void> {
    this.#options.onResult(false);
    const mapping = this.#options.mapping();
    countEvents(this.#house, mapping, "FailedInvokeEventCount", piece.records.length - failure.from);
    const { done, pieces, givenUp } = afterFailure(piece, failure, mapping.stream);
    this.#pieces.splice(0, 1, ...pieces);
    if (givenUp === undefined) {
      await this.#settle(done);
      this.#tell(done, "delivered", piece.invokes + 1);
      this.#tell(piece.records.slice(failure.from), "retrying", piece.invokes + 1, reason);
      return this.#pause.wait(this.#house.clock.now() + backoffMs(this.#pieces[0]?.attempts ?? 0));
    }
    if (this.#isFinal && this.#pieces.length === 0) this.#setWindow(undefined);
    const { response, requestId } = told;
    await this.#giveUp(givenUp, "RetryAttemptsExhausted", reason, { response, requestId });
    this.#tell(done, "delivered", piece.invokes + 1);
  }

  /** How many records at the front are too old to be tried. */
  #countTooOld({ records }: Piece, { stream }: StreamMapping): number {
    const ageMs = stream.maximumRecordAgeSeconds === -1 ? Infinity : stream.maximumRecordAgeSeconds * 1_000;
    const oldestMs = this.#house.clock.now() - Math.min(ageMs, this.#options.retentionMs());
    const firstYoung = records.findIndex(({ record }) => record.arrivedAtMs >= oldestMs);
    return firstYoung === -1 ? records.length : firstYoung;
  }

  async #expire(piece: Piece, count: number): Promise<void> {
    const expired = { ...piece, records: piece.records.slice(0, count) };
    const rest = { ...piece, records: piece.records.slice(count) };
    this.#pieces.splice(0, 1, ...(rest.records.length > 0 ? [rest] : []));
    if (this.#pieces.length === 0) this.#isFinal = false; // the window's final invoke comes by itself
    await this.#giveUp(expired, "RecordAgeExceeded", "the records are too old", { response: undefined });
  }

  /** L3: tells the destination, then moves on. */
  async #giveUp(
    piece: Piece,
    condition: GiveUpCondition,
    reason: string,
    { response, requestId }: { response: FailureFacts["response"]; requestId?: string | undefined },
  ): Promise<void> {
    const mapping = this.#options.mapping();
    const { onFailureArn } = mapping.stream;
    const isTold =
      onFailureArn !== undefined &&
      piece.records.length > 0 &&
      (await this.#tellDestination(onFailureArn, piece, {
        requestId: requestId ?? this.#house.rng.uuid(),
        functionArn: toFunctionArn(this.#house.scope, mapping),
        condition,
        invokes: piece.invokes,
        response,
        records: piece.records,
        shardId: this.#checkpoint.shardId,
        streamArn: mapping.eventSourceArn,
        nowMs: this.#house.clock.now(),
      }));
    if (onFailureArn !== undefined && !isTold && this.#pause.isStopped) {
      this.#pieces.unshift(piece); // told after the next start
      return;
    }
    await this.#settle(piece.records);
    if (isTold) countEvents(this.#house, mapping, "OnFailureDestinationDeliveredEventCount", piece.records.length);
    else countEvents(this.#house, mapping, "DroppedEventCount", this.#countDropped(piece, condition, mapping));
    this.#tell(piece.records, isTold ? "dead-lettered" : "failed", piece.invokes, reason);
  }

  /** C3 of `mapping-metrics.ts`. */
  #countDropped({ records }: Piece, condition: GiveUpCondition, { stream }: StreamMapping): number {
    if (condition !== "RecordAgeExceeded" || stream.onFailureArn !== undefined) return records.length;
    if (stream.maximumRecordAgeSeconds === -1) return 0;
    const oldestMs = this.#house.clock.now() - stream.maximumRecordAgeSeconds * 1_000;
    return records.filter(({ record }) => record.arrivedAtMs < oldestMs).length;
  }

  /** False where the destination refuses it for good, or the lane is stopped first. */
  async #tellDestination(targetArn: string, piece: Piece, facts: FailureFacts): Promise<boolean> {
    const house = this.#house;
    const isBucket = targetArn.split(":")[2] === "s3";
    const payload = isBucket ? toStreamEvent(piece.records) : undefined;
    const id = house.rng.uuid();
    const { uuid } = this.#options.mapping();
    const [first] = piece.records;
    const parentId = first === undefined ? undefined : toDeliveryId(this.#options.mapping(), first.record);
    for (let turn = 1; ; turn++) {
      try {
        await house.deliver({
          id,
          source: "lambda",
          sourceArn: facts.functionArn,
          targetArn,
          body: Buffer.from(toFailureRecord(facts, payload)),
          ...(parentId === undefined ? {} : { parentId }),
          ...(isBucket ? { objectKey: toFailureKey(`aws/lambda/${uuid}/${facts.shardId}`, facts.nowMs, id) } : {}),
        });
        return true;
      } catch (error) {
        const message = `${targetArn} did not take the record of a failure: ${error instanceof Error ? error.message : String(error)}`;
        if (!isServiceError(error) || (error.status < 500 && error.status !== 429)) {
          house.bus.emit("notice", { level: "warning", subject: this.#options.mapping().functionName, message });
          return false;
        }
        await this.#pause.wait(house.clock.now() + backoffMs(turn));
        if (this.#pause.isStopped) return false;
      }
    }
  }

  /** `records` are done with: the place moves past them, durably. */
  async #settle(records: readonly BatchRecord[]): Promise<void> {
    const after = records.at(-1)?.record.sequenceNumber ?? this.#checkpoint.after;
    const { pieces: _pieces, ...rest } = this.#checkpoint;
    const pieces = this.#pieces.flatMap(({ records: [...kept], attempts, invokes }) => {
      const last = kept.at(-1)?.record.sequenceNumber;
      return last === undefined || invokes === 0 ? [] : [{ last, attempts, invokes }];
    });
    this.#checkpoint = {
      ...rest,
      ...(after === undefined ? {} : { after }),
      ...(pieces.length === 0 ? {} : { pieces }),
    };
    await this.#save();
  }

  #setWindow(window: LaneCheckpoint["window"]): void {
    const { window: _window, ...rest } = this.#checkpoint;
    this.#checkpoint = window === undefined ? rest : { ...rest, window };
    this.#isDirty = true;
  }

  async #save(): Promise<void> {
    this.#isDirty = false;
    await this.#options.checkpoints.put(this.#checkpoint);
  }

  #toEvent(piece: Piece, { eventSourceArn, stream }: StreamMapping): string {
    const { window, shardId } = this.#checkpoint;
    if (window === undefined) return toStreamEvent(piece.records);
    const isFinal = this.#isFinal && this.#pieces.length === 1;
    const isEarly = window.isOverfull === true;
    const facts = { shardId, streamArn: eventSourceArn, isFinal, isEarly };
    return toStreamEvent(piece.records, toWindowMembers(window, stream.tumblingWindowSeconds * 1_000, facts));
  }

  #service(): string {
    return this.#options.mapping().eventSourceArn.split(":")[2] ?? "";
  }

  /** Told on the bus after it is durable. */
  #tell(
    records: readonly BatchRecord[],
    state: "delivered" | "retrying" | "dead-lettered" | "failed",
    attempts: number,
    reason?: string,
  ): void {
    tellRecords(
      this.#house,
      this.#options.mapping(),
      records.map(({ record }) => record),
      { state, attempts, ...(reason === undefined ? {} : { reason }) },
    );
  }
}
