/**
 * The tables that there are: definitions in memory, kept as documents.
 *
 * K1. A change is durable before it is answered; only the status lags behind, until the clock's next turn.
 * K2. Spaces that are given up are noted before the definition goes, so that a crash leaves none behind.
 */
import { type Activity, type Cancel, type Clock, type DocumentStore, type ItemStore, parseArn } from "@tripline/kernel";
import { resourceInUse, resourceNotFound, tableNotFound, validation } from "./errors.ts";
import { tableNameMax } from "./limits.ts";
import type { Table } from "./table.ts";

const kind = "dynamodb-table";
/** Spaces that are to be dropped. */
const droppedKind = "dynamodb-dropped-spaces";

export type TableStatus = "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";

interface Entry {
  table: Table;
  status: TableStatus;
}

export interface TableRegistryOptions {
  clock: Clock;
  activity: Activity;
  documents: DocumentStore;
  items: ItemStore;
}

/** See the module's header. */
export class TableRegistry {
  readonly #options: TableRegistryOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #timers = new Set<Cancel>();

  constructor(options: TableRegistryOptions) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept, and ends what it had begun to drop. */
  async load(): Promise<void> {
    const { documents } = this.#options;
    for (const { value } of await documents.list<Table>(kind)) {
      this.#entries.set(value.name, { table: value, status: "ACTIVE" });
    }
    for (const { key, value } of await documents.list<number[]>(droppedKind)) await this.#drop(key, value);
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Ordered by name. */
  list(): Table[] {
    return Array.from(this.#entries.values(), ({ table }) => table).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Table | undefined {
    return this.#entries.get(name)?.table;
  }

  status(name: string): TableStatus {
    return this.#entries.get(name)?.status ?? "DELETING";
  }

  /** By name or ARN, for operations on tables. Throws ResourceNotFoundException. */
  resolve(nameOrArn: string): Table {
    const name = toTableName(nameOrArn);
    const table = this.get(name);
    if (table === undefined) throw tableNotFound(name);
    return table;
  }

  /** The same, where the table must not be changing. Throws ResourceInUseException. */
  resolveActive(nameOrArn: string): Table {
    const table = this.resolve(nameOrArn);
    const status = this.status(table.name);
    if (status === "ACTIVE") return table;
    throw resourceInUse(
      `Attempt to change a resource which is still in use: Table is being ${status === "DELETING" ? "deleted" : status === "CREATING" ? "created" : "updated"}: ${table.name}`,
    );
  }

  /** For operations on items: a table that is being made, or deleted, has none. Throws ResourceNotFoundException. */
  resolveItems(nameOrArn: string): Table {
    const name = toTableName(nameOrArn);
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.status === "CREATING" || entry.status === "DELETING") throw resourceNotFound();
    return entry.table;
  }

  /** Keeps a table that is new or changed (K1); its status is `status` for a moment. */
  async save(table: Table, status: "CREATING" | "UPDATING" | "ACTIVE"): Promise<void> {
    const before = this.#entries.get(table.name);
    const entry: Entry = { table, status: status === "ACTIVE" && before !== undefined ? before.status : status };
    this.#entries.set(table.name, entry); // at once, so that two calls of one turn see each other
    try {
      await this.#options.documents.put(kind, table.name, table);
    } catch (error) {
      if (before === undefined) this.#entries.delete(table.name);
      else this.#entries.set(table.name, before);
      throw error;
    }
    if (status === "ACTIVE") return;
    this.#soon(() => {
      const current = this.#entries.get(table.name);
      if (current?.table.id === table.id && current.status !== "DELETING") current.status = "ACTIVE";
    });
  }

  /** K2. The table is DELETING for a moment. */
  async delete(table: Table): Promise<void> {
    const entry = this.#entries.get(table.name);
    if (entry !== undefined) entry.status = "DELETING";
    const spaces = [
      table.space,
      ...table.indexes.map(({ space }) => space),
      ...(table.ttl === undefined ? [] : [table.ttl.space]),
    ];
    const key = await this.#note(spaces);
    await this.#options.documents.delete(kind, table.name);
    this.#soon(() => {
      if (this.#entries.get(table.name) === entry) this.#entries.delete(table.name);
      void this.#options.activity.track(`items of ${table.arn}`, () => this.#drop(key, spaces));
    });
  }

  /** Drops spaces of a table that goes on (K2). */
  async dropSpaces(spaces: readonly number[]): Promise<void> {
    await this.#drop(await this.#note(spaces), spaces);
  }

  /** On the clock's next turn. */
  soon(run: () => void): void {
    this.#soon(run);
  }

  async #note(spaces: readonly number[]): Promise<string> {
    const key = String(spaces[0]);
    await this.#options.documents.put(droppedKind, key, spaces);
    return key;
  }

  async #drop(key: string, spaces: readonly number[]): Promise<void> {
    await this.#options.items.drop(spaces);
    await this.#options.documents.delete(droppedKind, key);
  }

  #soon(run: () => void): void {
    const cancel = this.#options.clock.at(this.#options.clock.now(), () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
  }
}

/** Of a name or an ARN; a new one has three characters at least. Throws ValidationException. */
export function toTableName(nameOrArn: string, lengthMin = 1): string {
  const name = nameOrArn.startsWith("arn:")
    ? /^table\/([^/]+)$/.exec(parseArn(nameOrArn)?.resource ?? "")?.[1]
    : nameOrArn;
  if (name === undefined) throw validation(`Invalid TableArn: Invalid ResourceArn provided as input ${nameOrArn}`);
  const broken = !/^[a-zA-Z0-9_.-]+$/.test(name)
    ? "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    : name.length < lengthMin
      ? `have length greater than or equal to ${lengthMin}`
      : name.length > tableNameMax
        ? `have length less than or equal to ${tableNameMax}`
        : undefined;
  if (broken === undefined) return name;
  throw validation(
    `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must ${broken}`,
  );
}
