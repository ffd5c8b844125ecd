/** The queues that there are: definitions in memory, kept as documents. */
import type { Cancel, DocumentStore, Scope } from "@tripline/kernel";
import { parseArn } from "@tripline/kernel";
import { invalidAddress, queueDoesNotExist } from "./errors.ts";
import { recreateIntervalMs } from "./limits.ts";
import { type Queue, type QueueDefinition, toQueue } from "./queue-definition.ts";
import { parseQueueName } from "./queue-url.ts";

const kind = "sqs-queue";
/** Names that are barred for a while: what was deleted, and when. */
const deletedKind = "sqs-deleted-queue";

/** See the module's header. */
export class QueueRegistry {
  readonly #documents: DocumentStore;
  readonly #scope: Scope;
  readonly #queues = new Map<string, Queue>();
  readonly #deletedAtMs = new Map<string, number>();
  readonly #onCreated = new Set<() => void>();

  constructor(options: { documents: DocumentStore; scope: Scope }) {
    this.#documents = options.documents;
    this.#scope = options.scope;
  }

  /** Reads what an earlier run has kept. */
  async load(nowMs: number): Promise<void> {
    for (const { key, value } of await this.#documents.list<{ atMs: number }>(deletedKind)) {
      if (nowMs - value.atMs < recreateIntervalMs) this.#deletedAtMs.set(key, value.atMs);
      else await this.#documents.delete(deletedKind, key);
    }
    for (const { value } of await this.#documents.list<QueueDefinition>(kind)) {
      this.#queues.set(value.name, toQueue(value, this.#scope));
    }
  }

  get(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** The queue of a URL or a bare name. Throws QueueDoesNotExist, InvalidAddress. */
  resolve(queueUrl: string | undefined): Queue {
    const name = queueUrl === undefined ? undefined : parseQueueName(queueUrl);
    if (name === undefined) throw invalidAddress(queueUrl ?? "");
    const queue = this.#queues.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  }

  /** Queues whose dead-letter queue is `arn`, ordered by name. */
  deadLetterSources(arn: string): Queue[] {
    return this.list().filter(({ redrive }) => redrive?.deadLetterTargetArn === arn);
  }

  /** The queue of an ARN of this region and account. */
  findByArn(arn: string): Queue | undefined {
    const parsed = parseArn(arn);
    if (parsed === undefined || parsed.service !== "sqs") return undefined;
    if (parsed.region !== this.#scope.region || parsed.accountId !== this.#scope.accountId) return undefined;
    return this.#queues.get(parsed.resource);
  }

  /** Ordered by name. */
  list(): Queue[] {
    return Array.from(this.#queues.values()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds or replaces a queue; durable when it resolves. */
  async save(definition: QueueDefinition): Promise<Queue> {
    const before = this.#queues.get(definition.name);
    const queue = toQueue(definition, this.#scope);
    this.#queues.set(queue.name, queue); // at once, so that two calls of one turn see each other
    try {
      await this.#documents.put(kind, definition.name, definition);
    } catch (error) {
      if (before === undefined) this.#queues.delete(queue.name);
      else this.#queues.set(queue.name, before);
      throw error;
    }
    if (before === undefined) for (const run of this.#onCreated) run();
    return queue;
  }

  /** Calls `run` after each queue that is created. */
  onCreated(run: () => void): Cancel {
    this.#onCreated.add(run);
    return () => {
      this.#onCreated.delete(run);
    };
  }

  async delete(name: string, nowMs: number): Promise<void> {
    this.#queues.delete(name);
    this.#deletedAtMs.set(name, nowMs);
    await Promise.all([this.#documents.delete(kind, name), this.#documents.put(deletedKind, name, { atMs: nowMs })]);
  }

  /** When a queue of that name was deleted last. */
  deletedAtMs(name: string): number | undefined {
    return this.#deletedAtMs.get(name);
  }
}
