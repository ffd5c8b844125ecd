/**
 * Temporary credentials, and who a caller is.
 *
 * S1. Whose access key is unknown is the account's root user: any credentials will do. Signatures are not verified yet.
 * S2. Credentials that were given out here stand for what they were given out for. With another session token they are invalid, and
 *     after their time, on the clock, they have expired.
 * S3. A function's credentials last as long as the simulator runs; those of other sessions are kept, and outlive it.
 * S4. Only headers are looked at: a presigned URL is its account's root user.
 */
import { type CallContext, type Clock, type DocumentStore, type Rng, type Scope, toIamId } from "@tripline/kernel";
import type { Entities } from "./entities.ts";
import { expiredToken, invalidClientToken } from "./errors.ts";
import { toAccessKeyId, toSecretAccessKey, toSessionToken } from "./access-key-id.ts";

/** Who calls. */
export interface Caller {
  kind: "root" | "user" | "assumed-role" | "federated-user";
  arn: string;
  /** `AROA…:session`. */
  userId: string;
  /** Of `user`. */
  userName?: string;
  /** The credentials are temporary. */
  isSession: boolean;
}

/** What goes with a session, kept for when policies are evaluated. */
export interface SessionFacts {
  sourceIdentity?: string;
  policy?: string;
  policyArns?: string[];
  tags?: Record<string, string>;
  transitiveTagKeys?: string[];
  externalId?: string;
}

/** Temporary credentials. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresMs: number;
  caller: Caller;
  facts: SessionFacts;
}

const kind = "sts-session";
/** How long an expired session is remembered, so that its caller learns that it has expired. */
const rememberMs = 86_400_000;

/** See the module's header. */
export class Sessions {
  readonly #options: { clock: Clock; rng: Rng; scope: Scope; documents: DocumentStore; entities: Entities };
  readonly #sessions = new Map<string, Session>();
  readonly #ofFunctions = new Map<string, Session>();

  constructor(options: { clock: Clock; rng: Rng; scope: Scope; documents: DocumentStore; entities: Entities }) {
    this.#options = options;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#options.documents.list<Session>(kind)) this.#sessions.set(key, value);
  }

  /** New credentials for `caller`; durable when it resolves. */
  async issue(caller: Caller, durationSeconds: number, facts: SessionFacts = {}): Promise<Session> {
    const { clock, documents } = this.#options;
    const forgotten = [...this.#sessions.values()].filter((one) => one.expiresMs + rememberMs < clock.now());
    for (const { accessKeyId } of forgotten) this.#sessions.delete(accessKeyId);
    const session = this.#create(caller, clock.now() + durationSeconds * 1000, facts);
    this.#sessions.set(session.accessKeyId, session);
    await Promise.all([
      documents.put(kind, session.accessKeyId, session),
      ...forgotten.map(({ accessKeyId }) => documents.delete(kind, accessKeyId)),
    ]);
    return session;
  }

  /** S3: the same for each environment of a function. */
  ofFunction(roleArn: string, functionName: string): Session {
    const key = `${roleArn} ${functionName}`;
    let session = this.#ofFunctions.get(key);
    if (session === undefined) {
      const caller = this.toAssumedRole(roleArn, functionName);
      session = this.#create(caller, Number.MAX_SAFE_INTEGER, {});
      this.#ofFunctions.set(key, session);
      this.#sessions.set(session.accessKeyId, session);
    }
    return session;
  }

  /** The caller that a session of a role is. A role that IAM does not hold has an id all the same. */
  toAssumedRole(roleArn: string, sessionName: string): Caller {
    const [, accountId = this.#options.scope.accountId, resource = roleArn] =
      /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
    const name = resource.split("/").at(-1) ?? resource;
    const id = this.#options.entities.roles.find(name)?.id ?? toIamId("AROA", roleArn);
    return {
      kind: "assumed-role",
      arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${sessionName}`,
      userId: `${id}:${sessionName}`,
      isSession: true,
    };
  }

  /** S1, S2. Throws `InvalidClientTokenId`, `ExpiredToken`. */
  callerOf({ headers }: Pick<CallContext, "headers">): Caller {
    const { accountId } = this.#options.scope;
    const accessKeyId = /(?:Credential=|AWS )([^/:,\s]+)/.exec(headers["authorization"] ?? "")?.[1] ?? "";
    const session = this.#sessions.get(accessKeyId);
    if (session !== undefined) {
      if (headers["x-amz-security-token"] !== session.sessionToken) throw invalidClientToken();
      if (session.expiresMs <= this.#options.clock.now()) throw expiredToken();
      return session.caller;
    }
    const found = accessKeyId.startsWith("AKIA") ? this.#options.entities.findAccessKey(accessKeyId) : undefined;
    if (found === undefined) {
      return { kind: "root", arn: `arn:aws:iam::${accountId}:root`, userId: accountId, isSession: false };
    }
    if (found.key.status !== "Active") throw invalidClientToken();
    return this.toUser(found.user);
  }

  /** The caller that a user is. */
  toUser(user: { name: string; path: string; id: string }): Caller {
    const arn = this.#options.entities.toArn("User", user);
    return { kind: "user", arn, userId: user.id, userName: user.name, isSession: false };
  }

  #create(caller: Caller, expiresMs: number, facts: SessionFacts): Session {
    const { rng, scope } = this.#options;
    return {
      accessKeyId: toAccessKeyId("ASIA", scope.accountId, rng),
      secretAccessKey: toSecretAccessKey(rng),
      sessionToken: toSessionToken(rng),
      expiresMs,
      caller,
      facts,
    };
  }
}
