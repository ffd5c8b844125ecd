/**
 * Takes messages from a queue to a function, for one mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *
 * P1. Nothing is polled: an arrival, the end of a batch, the end of a window, and a queue that was created wake the poller.
 *     It listens before it first receives, so that no message is missed.
 * P2. It receives only what it has places for. Batches are in hand side by side: five at first, more while every place is taken.
 * P3. Of an ordered queue one batch is received at a time; what does not fit in it goes back at once, and a group that is in hand
 *     is left alone, so that a group never overtakes itself.
 * P4. With a window, a batch stays open until it is full or the window, which begins with its first message, is over.
 * P5. What a filter does not let pass is deleted.
 * P6. While the queue or the function does not exist, nothing is received.
 * P7. After `stop` nothing more is received; what was is sent, and waited for.
 * P8. A provisioned mapping starts with ten places for each poller that it has at least, and grows by 1,000 a minute up to ten for each
 *     that it may have. What it grew to it loses as any other (R2 of `concurrency-ramp.ts`), and never what it has at least.
 * Differs from AWS: one poller a mapping, woken, where Lambda has several that poll for up to 20 s; so a window is exact.
 */
import { type Cancel, isServiceError, type QueueFacts, type QueueMessage, type QueueSource } from "@tripline/kernel";
import { ClockAlarm } from "../clock-alarm.ts";
import { ConcurrencyRamp } from "../concurrency-ramp.ts";
import { countEvents } from "../mapping-metrics.ts";
import { type Batch, batchBytesMax, type BatchMessage, fillBatches } from "./batch.ts";
import { deliverBatch, tell } from "./batch-delivery.ts";
import type { EventSourceMapping } from "./event-source-mapping.ts";
import type { MappingHouse } from "./mapping-house.ts";
import { compileRecordFilter, type RecordFilter } from "./record-filter.ts";

const receiveMax = 10_000;
const batchesAtFirst = 5;
const batchesPerMinute = 300;
const batchesMax = 1_250;
/** What is added to window and function timeout where the queue's own visibility timeout is shorter than both. */
const visibilityMarginMs = 30_000;

/** Of a provisioned mapping (P8). */
const batchesPerPoller = 10;
const provisionedBatchesPerMinute = 1_000;

function toRamp({ concurrencyMax }: MappingHouse, { provisionedPollers }: EventSourceMapping): ConcurrencyRamp {
  if (provisionedPollers === undefined) {
    const max = Math.min(batchesMax, concurrencyMax);
    return new ConcurrencyRamp({ start: batchesAtFirst, perMinute: batchesPerMinute, max });
  }
  return new ConcurrencyRamp({
    start: provisionedPollers.minimum * batchesPerPoller,
    perMinute: provisionedBatchesPerMinute,
    max: Math.min(provisionedPollers.maximum * batchesPerPoller, concurrencyMax),
  });
}

/** See the module's header. */
export class QueuePoller {
  readonly #house: MappingHouse;
  #ramp: ConcurrencyRamp;
  readonly #growth: ClockAlarm;
  readonly #window: ClockAlarm;
  readonly #inHand = new Set<Promise<void>>();
  readonly #groupsInHand = new Map<string, number>();
  readonly #waits = new Set<() => void>();
  #mapping: EventSourceMapping;
  #filter: RecordFilter | undefined;
  /** Closed, and not begun yet. */
  #closed: Batch[] = [];
  #open: Batch | undefined;
  #source: QueueSource | undefined;
  #endListening: Cancel | undefined;
  #endLookingForQueue: Cancel | undefined;
  #endLookingForFunction: Cancel | undefined;
  #isReading = false;
  #isWoken = false;
  #isStopped = false;

  constructor(house: MappingHouse, mapping: EventSourceMapping) {
    this.#house = house;
    this.#mapping = mapping;
    this.#filter = compileRecordFilter(mapping.filterPatterns);
    this.#ramp = toRamp(house, mapping);
    const wake = (): void => {
      this.wake();
    };
    this.#growth = new ClockAlarm(house.clock, wake);
    this.#window = new ClockAlarm(house.clock, wake);
  }

  /** The mapping has changed: what is received from now on goes by it. */
  update(mapping: EventSourceMapping): void {
    this.#filter = compileRecordFilter(mapping.filterPatterns);
    const { provisionedPollers: before } = this.#mapping;
    const { provisionedPollers: after } = mapping;
    if (before?.minimum !== after?.minimum || before?.maximum !== after?.maximum) {
      this.#ramp = toRamp(this.#house, mapping);
    }
    this.#mapping = mapping;
    this.wake();
  }

  /** There may be something to do (P1). */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isReading) void this.#run();
  }

  /** P7. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endListening?.();
    this.#endLookingForQueue?.();
    this.#endLookingForFunction?.();
    this.#growth.set(undefined);
    for (const giveUp of Array.from(this.#waits)) giveUp();
    this.wake();
    while (this.#isReading || this.#inHand.size > 0) {
      await Promise.all(this.#inHand);
      if (this.#isReading) await this.#reading;
    }
  }

  #reading: Promise<void> = Promise.resolve();

  #run(): Promise<void> {
    this.#isReading = true;
    const end = this.#house.activity.begin(`poller of ${this.#mapping.eventSourceArn}`);
    const read = async (): Promise<void> => {
      try {
        while (this.#isWoken) {
          this.#isWoken = false;
          await this.#fill();
        }
      } catch (error) {
        this.#lose(error);
      } finally {
        this.#isReading = false;
        end();
      }
    };
    this.#reading = read();
    return this.#reading;
  }

  /** Receives and begins batches until nothing is there, or every place is taken. */
  async #fill(): Promise<void> {
    for (;;) {
      this.#closeWhatIsDue();
      while (this.#closed.length > 0 && this.#places() > 0) this.#begin(this.#closed.shift());
      if (this.#isStopped) return;
      const room = this.#room();
      if (room === 0) {
        const growsAtMs = this.#ramp.saturated(this.#house.clock.now());
        this.#growth.set(this.#isRampTheLimit() ? growsAtMs : undefined);
        return;
      }
      const source = await this.#connect();
      if (source === undefined || !this.#functionExists()) return; // P6
      const facts = await source.facts();
      if (this.#isStopped) return;
      const visibilityTimeoutMs = this.#visibilityTimeoutMs(facts);
      const nowMs = this.#house.clock.now();
      const max = facts.isFifo ? Math.min(room, this.#mapping.batchSize) : Math.min(room, receiveMax);
      const received = await source.receive({ max, visibilityTimeoutMs });
      if (received.length === 0) {
        this.#ramp.restart();
        this.#growth.set(undefined);
        return;
      }
      countEvents(this.#house, this.#mapping, "PolledEventCount", received.length);
      await this.#take(source, facts, received, { nowMs, visibleAtMs: nowMs + visibilityTimeoutMs });
    }
  }

  /** Filters what was received, and makes batches of it. */
  async #take(
    source: QueueSource,
    facts: QueueFacts,
    received: readonly QueueMessage[],
    times: { nowMs: number; visibleAtMs: number },
  ): Promise<void> {
    const messages: BatchMessage[] = [];
    const unwanted: QueueMessage[] = [];
    for (const message of received) {
      const event = message.toEventRecord();
      if (this.#filter !== undefined && !this.#filter(event)) unwanted.push(message);
      else if (!this.#isGroupInHand(message)) {
        const record = JSON.stringify(event);
        messages.push({ message, record, bytes: Buffer.byteLength(record) });
      }
    }
    if (unwanted.length > 0) {
      countEvents(this.#house, this.#mapping, "FilteredOutEventCount", unwanted.length);
      await source.delete(unwanted.map(({ receiptHandle }) => receiptHandle)); // P5
      const told = unwanted.map((message) => ({ message }));
      tell({ house: this.#house, mapping: this.#mapping }, told, "filtered", "no filter pattern matches");
    }
    const { closed, open } = fillBatches(this.#open, messages, {
      sizeMax: this.#mapping.batchSize,
      bytesMax: batchBytesMax,
      ...times,
    });
    this.#open = open;
    this.#closed.push(...closed);
    if (open !== undefined && this.#mapping.batchingWindowSeconds === 0) this.#closeOpen();
    if (!facts.isFifo) return;
    const surplus = this.#closed.splice(1).flatMap((batch) => batch.messages); // P3
    if (surplus.length > 0)
      await source.release(
        surplus.map(({ message }) => message.receiptHandle),
        0,
      );
  }

  #isGroupInHand({ messageGroupId }: QueueMessage): boolean {
    return messageGroupId !== undefined && this.#groupsInHand.has(messageGroupId);
  }

  /** P4. */
  #closeWhatIsDue(): void {
    if (this.#open === undefined) return this.#window.set(undefined);
    const dueMs = this.#open.openedAtMs + this.#mapping.batchingWindowSeconds * 1_000;
    if (this.#isStopped || this.#house.clock.now() >= dueMs) this.#closeOpen();
    else this.#window.set(dueMs);
  }

  #closeOpen(): void {
    if (this.#open === undefined) return;
    this.#closed.push(this.#open);
    this.#open = undefined;
    this.#window.set(undefined);
  }

  #limit(): number {
    return Math.min(this.#ramp.limit(this.#house.clock.now()), this.#mapping.maximumConcurrency ?? batchesMax);
  }

  #isRampTheLimit(): boolean {
    return this.#ramp.limit(this.#house.clock.now()) < (this.#mapping.maximumConcurrency ?? batchesMax);
  }

  /** For batches that are ready. */
  #places(): number {
    return this.#limit() - this.#inHand.size;
  }

  /** For messages (P2). */
  #room(): number {
    const { batchSize } = this.#mapping;
    const places = this.#places() - this.#closed.length;
    if (this.#open === undefined) return Math.max(0, places) * batchSize;
    return Math.max(0, places - 1) * batchSize + Math.max(0, batchSize - this.#open.messages.length);
  }

  #visibilityTimeoutMs(facts: QueueFacts): number {
    const windowMs = this.#mapping.batchingWindowSeconds * 1_000;
    const { functionName, qualifier } = this.#mapping;
    const timeoutMs = this.#house.functions.find(functionName, qualifier)?.timeoutMs ?? 0;
    if (windowMs === 0 || windowMs + timeoutMs <= facts.visibilityTimeoutMs) return facts.visibilityTimeoutMs;
    return windowMs + timeoutMs + visibilityMarginMs;
  }

  #functionExists(): boolean {
    const { functionName, qualifier } = this.#mapping;
    if (this.#house.functions.find(functionName, qualifier) !== undefined) return true;
    this.#endLookingForFunction ??= this.#house.functions.onChange?.(() => {
      this.wake();
    });
    return false;
  }

  /** The queue, once it is there and listened to (P1). */
  async #connect(): Promise<QueueSource | undefined> {
    if (this.#source !== undefined) return this.#source;
    const source = await this.#house.queues.find(this.#mapping.eventSourceArn);
    if (this.#isStopped) return undefined;
    const wake = (): void => {
      this.wake();
    };
    if (source === undefined) {
      this.#endLookingForQueue ??= this.#house.queues.onCreated?.(wake);
      return undefined;
    }
    this.#endListening = source.onArrival(wake);
    this.#source = source;
    return source;
  }

  /** P6: a queue that is gone is listened to all the same, since a new one of its name is the same source. */
  #lose(error: unknown): void {
    if (!isServiceError(error) || error.status >= 500) return this.#warn(error);
    if (this.#isStopped) return;
    this.#endLookingForQueue ??= this.#house.queues.onCreated?.(() => {
      this.wake();
    });
  }

  #begin(batch: Batch | undefined): void {
    const source = this.#source;
    if (batch === undefined) return;
    const label = `batch of ${this.#mapping.eventSourceArn} for ${this.#mapping.functionName}`;
    let end = this.#house.activity.begin(label);
    const wait = (dueMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        if (this.#isStopped) return resolve(false);
        const finish = (isOver: boolean): void => {
          this.#waits.delete(giveUp);
          end = this.#house.activity.begin(label);
          resolve(isOver);
        };
        const cancel = this.#house.clock.at(dueMs, () => {
          finish(true);
        });
        const giveUp = (): void => {
          cancel();
          finish(false);
        };
        this.#waits.add(giveUp);
        end(); // the clock may move
      });
    const onTurnedAway = (): void => {
      this.#ramp.restart();
    };
    this.#countGroups(batch, 1);
    const onAnswered = (): void => {
      this.#countGroups(batch, -1);
    };
    const deliver = async (): Promise<void> => {
      try {
        if (source === undefined) return onAnswered(); // the queue is gone, and its messages with it
        const mapping = this.#mapping;
        const outcome = await deliverBatch({
          house: this.#house,
          mapping,
          source,
          batch,
          onAnswered,
          onTurnedAway,
          wait,
        });
        if (outcome === "failed") this.#ramp.restart();
      } catch (error) {
        this.#warn(error);
      } finally {
        this.#inHand.delete(work);
        this.wake();
        end();
      }
    };
    const work = Promise.resolve().then(deliver);
    this.#inHand.add(work);
  }

  #countGroups(batch: Batch, change: number): void {
    for (const { message } of batch.messages) {
      const { messageGroupId } = message;
      if (messageGroupId === undefined) continue;
      const count = (this.#groupsInHand.get(messageGroupId) ?? 0) + change;
      if (count === 0) this.#groupsInHand.delete(messageGroupId);
      else this.#groupsInHand.set(messageGroupId, count);
    }
  }

  #warn(error: unknown): void {
    this.#house.bus.emit("notice", {
      level: "warning",
      subject: this.#mapping.functionName,
      message: `messages of ${this.#mapping.eventSourceArn}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
