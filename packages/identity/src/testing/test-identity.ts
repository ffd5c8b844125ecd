import { Activity, type CallContext, createRng, defaultScope, VirtualClock } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import { createDocumentStore, type Database, openDatabase } from "@tripline/storage";
import { createIdentity, type Identity } from "../index.ts";

/** Credentials as an answer has them. */
export interface Credentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: Date;
}

/** IAM and STS on a virtual clock and a database, for tests. */
export interface TestIdentity {
  identity: Identity;
  clock: VirtualClock;
  database: Database;
  /** Calls an operation of either service as the endpoint does, with the credentials given. */
  call<Output = Record<string, unknown>>(
    operation: string,
    input?: object,
    as?: Partial<Credentials>,
    context?: Partial<CallContext>,
  ): Promise<Output>;
  /** Code, status and message of the error that a call ends with. */
  errorOf(operation: string, input?: object, as?: Partial<Credentials>): Promise<string>;
}

/** When a test's clock starts. */
export const startMs: number = Date.parse("2026-03-01T00:00:00Z");

/** On `database`, or one in memory. */
export async function createTestIdentity(database?: Database): Promise<TestIdentity> {
  const activity = new Activity();
  const clock = new VirtualClock({ activity, realTime, startMs });
  const opened = database ?? openDatabase({ dataDir: undefined, activity });
  const identity = createIdentity({
    clock,
    activity,
    rng: createRng("identity"),
    scope: defaultScope,
    documents: createDocumentStore(opened),
  });
  await identity.start();
  const operations = await operationsOf(...identity.services);
  const call = async <Output>(
    name: string,
    input: object = {},
    { AccessKeyId = "any", SessionToken }: Partial<Credentials> = {},
    context: Partial<CallContext> = {},
  ): Promise<Output> => {
    return callOperation(operations, name, input, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${AccessKeyId}/20260301/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0`,
        ...(SessionToken === undefined ? {} : { "x-amz-security-token": SessionToken }),
      },
      ...context,
    });
  };
  return {
    identity,
    clock,
    database: opened,
    call,
    async errorOf(name, input = {}, as = {}) {
      const { code, status, message } = await failureOf(call(name, input, as));
      return `${code} ${status}: ${message}`;
    },
  };
}
