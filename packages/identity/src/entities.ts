/**
 * What IAM holds: roles, users, groups and managed policies. In memory, kept in the document store.
 *
 * N1. Names are unique without regard to case, and looked up with regard to it.
 */
import { type Clock, type DocumentStore, type Rng, type Scope } from "@tripline/kernel";
import { entityAlreadyExists, noSuchEntity } from "./errors.ts";

/** Roles, users and groups: what policies are attached to. */
export type PrincipalKind = "Role" | "User" | "Group";

/** What all three have. */
export interface Principal {
  name: string;
  /** Begins and ends with a slash. */
  path: string;
  id: string;
  createdMs: number;
  /** Inline policies: name -> document. */
  inline: Record<string, string>;
  /** ARNs of managed policies, in the order in which they were attached. */
  attached: string[];
}

/** A role. */
export interface Role extends Principal {
  trustPolicy: string;
  description?: string;
  maxSessionSeconds: number;
  boundary?: string;
  tags: Record<string, string>;
}

/** A user. */
export interface User extends Principal {
  boundary?: string;
  tags: Record<string, string>;
  /** Names. */
  groups: string[];
  accessKeys: AccessKey[];
}

/** A user's lasting credentials. */
export interface AccessKey {
  id: string;
  secret: string;
  status: "Active" | "Inactive";
  createdMs: number;
}

/** A customer-managed policy. */
export interface ManagedPolicy {
  name: string;
  path: string;
  id: string;
  description?: string;
  createdMs: number;
  updatedMs: number;
  /** Oldest first. */
  versions: { id: string; document: string; createdMs: number }[];
  defaultVersionId: string;
  nextVersion: number;
  tags: Record<string, string>;
}

/** What {@link Entities} needs. */
export interface EntitiesOptions {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  documents: DocumentStore;
}

/** Entities of one kind. */
export class EntityTable<T extends { name: string }> {
  readonly #kind: string;
  readonly #noun: string;
  readonly #documents: DocumentStore;
  readonly #entities = new Map<string, T>();

  /** `noun` begins a sentence: `Role`. */
  constructor(documents: DocumentStore, kind: string, noun: string) {
    this.#documents = documents;
    this.#kind = kind;
    this.#noun = noun;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#documents.list<T>(this.#kind)) this.#entities.set(key, value);
  }

  /** By name. */
  list(): T[] {
    return [...this.#entities.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): T | undefined {
    const entity = this.#entities.get(name.toLowerCase());
    return entity?.name === name ? entity : undefined; // N1
  }

  /** Throws `NoSuchEntity`. */
  get(name: string): T {
    const entity = this.find(name);
    if (entity !== undefined) return entity;
    throw noSuchEntity(`The ${this.#noun.toLowerCase()} with name ${name} cannot be found.`);
  }

  /** Throws `EntityAlreadyExists` (N1). */
  refuseTaken(name: string): void {
    if (!this.#entities.has(name.toLowerCase())) return;
    throw entityAlreadyExists(
      this.#noun === "Policy"
        ? `A policy called ${name} already exists. Duplicate names are not allowed.`
        : `${this.#noun} with name ${name} already exists.`,
    );
  }

  /** Seen at once, durable when it resolves. What has not changed is not written again: a template is applied at every start. */
  async save(entity: T): Promise<void> {
    const before = this.#entities.get(entity.name.toLowerCase());
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(entity)) return;
    this.#entities.set(entity.name.toLowerCase(), entity);
    await this.#documents.put(this.#kind, entity.name.toLowerCase(), entity);
  }

  /** Gone at once, durable when it resolves. */
  async delete(name: string): Promise<void> {
    this.#entities.delete(name.toLowerCase());
    await this.#documents.delete(this.#kind, name.toLowerCase());
  }
}

/** See the module's header. */
export class Entities {
  readonly scope: Scope;
  readonly roles: EntityTable<Role>;
  readonly users: EntityTable<User>;
  readonly groups: EntityTable<Principal>;
  readonly policies: EntityTable<ManagedPolicy>;

  constructor({ scope, documents }: EntitiesOptions) {
    this.scope = scope;
    this.roles = new EntityTable(documents, "iam-role", "Role");
    this.users = new EntityTable(documents, "iam-user", "User");
    this.groups = new EntityTable(documents, "iam-group", "Group");
    this.policies = new EntityTable(documents, "iam-policy", "Policy");
  }

  async load(): Promise<void> {
    await Promise.all([this.roles.load(), this.users.load(), this.groups.load(), this.policies.load()]);
  }

  table(kind: PrincipalKind): EntityTable<Principal> {
    const { roles, users, groups } = this;
    return kind === "Role" ? roles : kind === "User" ? users : groups;
  }

  /** `arn:aws:iam::000000000000:role/path/name`. */
  toArn(kind: PrincipalKind | "Policy", { path, name }: { path: string; name: string }): string {
    return `arn:aws:iam::${this.scope.accountId}:${kind.toLowerCase()}${path}${name}`;
  }

  /** The customer-managed policy of that ARN. */
  findPolicy(arn: string): ManagedPolicy | undefined {
    const name = /^arn:aws:iam::\d{12}:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
    const policy = name === undefined ? undefined : this.policies.find(name);
    return policy !== undefined && this.toArn("Policy", policy) === arn ? policy : undefined;
  }

  /** The user and the access key of that id. */
  findAccessKey(id: string): { user: User; key: AccessKey } | undefined {
    for (const user of this.users.list()) {
      const key = user.accessKeys.find((one) => one.id === id);
      if (key !== undefined) return { user, key };
    }
    return undefined;
  }
}

/** AWS's own policies can be attached; their documents are not held here. */
export function isAwsManaged(arn: string): boolean {
  return /^arn:aws:iam::aws:policy\/[\w+=,.@/-]+$/.test(arn);
}
