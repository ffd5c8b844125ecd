/** The queues that there are: definitions in memory, kept as documents. */
import type { Cancel, DocumentStore, Scope } from "@tripline/kernel";
import { parseArn } from "@tripline/kernel";
import { queueDoesNotExist } from "./errors.ts";
import { type Queue, type QueueDefinition, toQueue } from "./queue-definition.ts";
import { parseQueueName } from "./queue-url.ts";

const kind = "sqs-queue";

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
  async load(): Promise<void> {
    for (const { value } of await this.#documents.list<QueueDefinition>(kind)) {
      this.#queues.set(value.name, toQueue(value, this.#scope));
    }
  }

  get(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** The queue of a URL or a bare name. Throws QueueDoesNotExist. */
  resolve(queueUrl: string | undefined): Queue {
    const queue = queueUrl === undefined ? undefined : this.#queues.get(parseQueueName(queueUrl));
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
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
    await this.#documents.delete(kind, name);
  }

  /** When a queue of that name was deleted last, in this run. */
  deletedAtMs(name: string): number | undefined {
    return this.#deletedAtMs.get(name);
  }
}
