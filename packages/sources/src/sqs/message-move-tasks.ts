/**
 * Tasks that take messages out of dead-letter queues again.
 *
 * T1. A source has one active task at most. A task is kept before it is answered for, and goes on after a restart.
 * T2. `MaxNumberOfMessagesPerSecond` is kept on the clock, in steps of a twentieth of a second or longer; without it nothing waits.
 * T3. A task ends when nothing is visible in the source any more; what is in flight there stays.
 * T4. Moved messages are new ones: their id, the moment they were sent, and their receive count.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
import type { Activity, Cancel, Clock, DocumentStore, Rng } from "@tripline/kernel";
import {
  invalidParameterValue,
  overActiveMoveTasks,
  queueOfArnNotFound,
  resourceNotFound,
  unsupportedOperation,
} from "./errors.ts";
import { moveTasksListedMax, moveTasksMax } from "./limits.ts";
import { parseTaskHandle } from "./move-task-handle.ts";
import type { Queue } from "./queue-definition.ts";
import type { QueueRegistry } from "./queue-registry.ts";
import type { QueueTraffic } from "./queue-traffic.ts";

const kind = "sqs-move-task";
const stepsPerSecond = 20;
const unpacedStep = 100;

/** A task, as it is kept. */
export interface MessageMoveTask {
  id: string;
  status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED";
  sourceArn: string;
  destinationArn?: string;
  messagesPerSecondMax?: number;
  moved: number;
  toMove: number;
  startedAtMs: number;
  failureReason?: string;
}

/** See the module's header. */
export class MessageMoveTasks {
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #activity: Activity;
  readonly #documents: DocumentStore;
  readonly #registry: QueueRegistry;
  readonly #traffic: QueueTraffic;
  /** By id, in the order they were started. */
  readonly #tasks = new Map<string, MessageMoveTask>();
  readonly #timers = new Map<string, Cancel>();
  #isStopped = false;

  constructor(options: {
    clock: Clock;
    rng: Rng;
    activity: Activity;
    documents: DocumentStore;
    registry: QueueRegistry;
    traffic: QueueTraffic;
  }) {
    this.#clock = options.clock;
    this.#rng = options.rng;
    this.#activity = options.activity;
    this.#documents = options.documents;
    this.#registry = options.registry;
    this.#traffic = options.traffic;
  }

  /** Reads what an earlier run has kept, and goes on with it (T1). */
  async load(): Promise<void> {
    const kept = await this.#documents.list<MessageMoveTask>(kind);
    for (const { value } of kept.toSorted((a, b) => a.value.startedAtMs - b.value.startedAtMs)) {
      this.#tasks.set(value.id, value);
      if (isActive(value)) this.#schedule(value.id, this.#clock.now());
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Starts a task; durable when it resolves. Throws InvalidParameterValue where one is active, OverLimit. */
  async start(
    source: Queue,
    destination: Queue | undefined,
    messagesPerSecondMax: number | undefined,
  ): Promise<string> {
    const active = Array.from(this.#tasks.values()).filter(isActive);
    if (active.some(({ sourceArn }) => sourceArn === source.arn)) {
      throw invalidParameterValue(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    if (active.length >= moveTasksMax) throw overActiveMoveTasks(moveTasksMax);
    const task: MessageMoveTask = {
      id: this.#rng.uuid(),
      status: "RUNNING",
      sourceArn: source.arn,
      ...(destination === undefined ? {} : { destinationArn: destination.arn }),
      ...(messagesPerSecondMax === undefined ? {} : { messagesPerSecondMax }),
      moved: 0,
      toMove: 0,
      startedAtMs: this.#traffic.nowMs(),
    };
    this.#tasks.set(task.id, task);
    await this.#activity.track(`start of message move task ${task.id}`, async () => {
      await this.#save(task.id, { toMove: (await this.#traffic.count(source)).visible });
      await this.#forgetOldest(source.arn);
    });
    this.#schedule(task.id, this.#clock.now());
    return task.id;
  }

  /** The newest first. */
  list(sourceArn: string): MessageMoveTask[] {
    return this.#of(sourceArn).toReversed();
  }

  /** How many messages have been moved. Throws ResourceNotFoundException, UnsupportedOperation, InvalidParameterValue. */
  async cancel(taskHandle: string): Promise<number> {
    const handle = parseTaskHandle(taskHandle);
    if (handle === undefined) throw invalidParameterValue("Value for parameter TaskHandle is invalid.");
    if (this.#registry.findByArn(handle.sourceArn) === undefined) throw queueOfArnNotFound("SourceArn");
    const task = this.#tasks.get(handle.taskId);
    if (task === undefined || task.sourceArn !== handle.sourceArn) throw resourceNotFound("Task does not exist.");
    if (task.status !== "RUNNING") throw unsupportedOperation("Only a running message move task can be cancelled.");
    const waits = this.#timers.get(task.id);
    waits?.();
    this.#timers.delete(task.id);
    // A step that is under way ends the task itself.
    await this.#save(task.id, { status: waits === undefined ? "CANCELLING" : "CANCELLED" });
    return task.moved;
  }

  /** Of a queue that is deleted. */
  async forget(sourceArn: string): Promise<void> {
    await Promise.all(this.#of(sourceArn).map(({ id }) => this.#drop(id)));
  }

  #of(sourceArn: string): MessageMoveTask[] {
    return Array.from(this.#tasks.values()).filter((task) => task.sourceArn === sourceArn);
  }

  async #forgetOldest(sourceArn: string): Promise<void> {
    const over = this.#of(sourceArn).slice(0, -moveTasksListedMax);
    await Promise.all(over.map(({ id }) => this.#drop(id)));
  }

  async #drop(id: string): Promise<void> {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    this.#tasks.delete(id);
    await this.#documents.delete(kind, id);
  }

  async #save(id: string, change: Partial<MessageMoveTask>): Promise<void> {
    const before = this.#tasks.get(id);
    if (before === undefined) return; // its queue was deleted meanwhile
    const task = { ...before, ...change };
    this.#tasks.set(id, task);
    await this.#documents.put(kind, id, task);
  }

  #schedule(id: string, dueMs: number): void {
    if (this.#isStopped) return;
    const cancel = this.#clock.at(dueMs, () => {
      this.#timers.delete(id);
      void this.#activity.track(`message move task ${id}`, () => this.#run(id));
    });
    this.#timers.set(id, cancel);
  }

  /** Steps until the task waits for the clock (T2), or is over. */
  async #run(id: string): Promise<void> {
    for (;;) {
      const task = this.#tasks.get(id);
      if (task === undefined || this.#isStopped) return;
      if (task.status === "CANCELLING") {
        await this.#save(id, { status: "CANCELLED" });
        return;
      }
      if (task.status !== "RUNNING") return;
      const beganMs = this.#clock.now();
      const outcome = await this.#step(task);
      await this.#save(id, outcome.change);
      if (outcome.change.status !== undefined) return;
      if (outcome.waitMs > 0 && this.#tasks.get(id)?.status === "RUNNING") {
        this.#schedule(id, beganMs + outcome.waitMs);
        return;
      }
    }
  }

  /** Moves the next few messages. */
  async #step(task: MessageMoveTask): Promise<{ change: Partial<MessageMoveTask>; waitMs: number }> {
    const fail = (failureReason: string, moved = task.moved): { change: Partial<MessageMoveTask>; waitMs: number } => ({
      change: { status: "FAILED", failureReason, moved },
      waitMs: 0,
    });
    const source = this.#registry.findByArn(task.sourceArn);
    const target = task.destinationArn === undefined ? undefined : this.#registry.findByArn(task.destinationArn);
    if (source === undefined || (task.destinationArn !== undefined && target === undefined)) return fail(noSuchQueue);
    const rate = task.messagesPerSecondMax;
    const size = rate === undefined ? unpacedStep : Math.ceil(rate / stepsPerSecond);
    const messageIds = Array.from({ length: size }, () => this.#rng.uuid());
    const { count, goesOn, unplaced } = await this.#traffic.move(source, { messageIds, target });
    const moved = task.moved + count;
    if (unplaced !== undefined) return fail(unplaced === null ? "CouldNotDetermineMessageSource" : noSuchQueue, moved);
    if (!goesOn) return { change: { status: "COMPLETED", moved }, waitMs: 0 }; // T3
    return { change: { moved }, waitMs: rate === undefined ? 0 : (size * 1000) / rate };
  }
}

const noSuchQueue = "AWS.SimpleQueueService.NonExistentQueue";

function isActive({ status }: MessageMoveTask): boolean {
  return status === "RUNNING" || status === "CANCELLING";
}
