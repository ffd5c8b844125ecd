/**
 * The log groups. Held in memory, kept in the document store.
 *
 * G1. A group is named by its name or, where an identifier is asked for, by its ARN, with or without `:*`.
 */
import { type Clock, type DocumentStore, parseArn, type Scope, toArn } from "@tripline/kernel";
import { groupNotFound, invalidValue } from "./errors.ts";

/** A group as it is kept. */
export interface LogGroup {
  name: string;
  createdMs: number;
  /** Absent: events never expire. */
  retentionDays?: number;
  tags: Record<string, string>;
  logGroupClass: string;
  isDeletionProtected: boolean;
}

const kind = "log-group";
const dayMs = 86_400_000;

/** See the module's header. */
export class LogGroups {
  readonly #groups = new Map<string, LogGroup>();
  readonly #options: { clock: Clock; scope: Scope; documents: DocumentStore };

  constructor(options: { clock: Clock; scope: Scope; documents: DocumentStore }) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#options.documents.list<LogGroup>(kind)) this.#groups.set(key, value);
  }

  /** By name. */
  list(): LogGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): LogGroup | undefined {
    return this.#groups.get(name);
  }

  /** G1. Throws `ResourceNotFoundException`. */
  find(identifier: string): LogGroup {
    const group = this.#groups.get(this.toName(identifier));
    if (group === undefined) throw groupNotFound();
    return group;
  }

  /** The name that a name or an ARN stands for. */
  toName(identifier: string): string {
    const arn = parseArn(identifier);
    return arn?.service === "logs" ? arn.resource.replace(/^log-group:/, "").replace(/:\*$/, "") : identifier;
  }

  /** Without `:*`. */
  toArn(name: string): string {
    return toArn(this.#options.scope, "logs", `log-group:${name}`);
  }

  /** Seen at once, durable when it resolves. */
  async save(group: LogGroup): Promise<void> {
    this.#groups.set(group.name, group);
    await this.#options.documents.put(kind, group.name, group);
  }

  /** Gone at once, durable when it resolves. */
  async delete(name: string): Promise<void> {
    this.#groups.delete(name);
    await this.#options.documents.delete(kind, name);
  }

  /** A group of this name with nothing set. */
  create(name: string): LogGroup {
    return {
      name,
      createdMs: this.#options.clock.now(),
      tags: {},
      logGroupClass: "STANDARD",
      isDeletionProtected: false,
    };
  }

  /** Events before it have expired. */
  expiryMs({ retentionDays }: LogGroup): number {
    return retentionDays === undefined ? 0 : this.#options.clock.now() - retentionDays * dayMs;
  }
}

/** Throws `InvalidParameterException` for a name that no group can have. */
export function checkGroupName(name: string): void {
  if (name.length > 512) throw invalidValue(name, "logGroupName", "Member must have length less than or equal to 512");
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name)) {
    throw invalidValue(name, "logGroupName", "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
  }
}

/** Throws `InvalidParameterException` for a name that no stream can have. */
export function checkStreamName(name: string): void {
  if (name.length > 512) throw invalidValue(name, "logStreamName", "Member must have length less than or equal to 512");
  if (!/^[^:*]+$/.test(name)) {
    throw invalidValue(name, "logStreamName", "Member must satisfy regular expression pattern: [^:*]*");
  }
}
