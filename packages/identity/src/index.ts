import {
  type Activity,
  type Clock,
  createService,
  type DocumentStore,
  type Rng,
  type Scope,
  type Service,
} from "@tripline/kernel";
import { Entities } from "./entities.ts";
import type { IdentityHouse } from "./house.ts";
import { Sessions } from "./sessions.ts";

/** Options of {@link createIdentity}. */
export interface IdentityOptions {
  clock: Clock;
  activity: Activity;
  rng: Rng;
  scope: Scope;
  documents: DocumentStore;
}

/** Credentials as a function's environment has them. */
export interface FunctionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** IAM and STS. */
export interface Identity {
  /** Ids `iam` and `sts`. */
  services: readonly Service[];
  /** Loads what an earlier run has kept. */
  start(): Promise<void>;
  /** Those of a session of the function's role, named after the function. The role need not exist; default: `tripline`. */
  functionCredentials(roleArn: string | undefined, functionName: string): FunctionCredentials;
}

/** Builds IAM and STS. */
export function createIdentity(options: IdentityOptions): Identity {
  const { activity } = options;
  const entities = new Entities(options);
  const sessions = new Sessions({ ...options, entities });
  const house: IdentityHouse = { ...options, entities, sessions };
  return {
    services: [
      createService({
        id: "iam",
        note: iamNote,
        activity,
        operations: async () => (await import("./iam/index.ts")).createIamOperations(house),
      }),
      createService({
        id: "sts",
        note: stsNote,
        activity,
        operations: async () => (await import("./sts/index.ts")).createStsOperations(house),
      }),
    ],
    async start() {
      await Promise.all([entities.load(), sessions.load()]);
    },
    functionCredentials: (roleArn = `arn:aws:iam::${options.scope.accountId}:role/tripline`, functionName) =>
      sessions.ofFunction(roleArn, functionName),
  };
}

const iamNote =
  "What is made here is stored durably, and not evaluated: no call is refused for what these policies say; only the resource policies of functions and REST APIs are evaluated. AWS-managed policies can be attached, not read.";
const stsNote =
  "Credentials stand for whom they were given out for, and expire on the clock. Signatures are not verified, and neither trust policies nor policies of sessions are evaluated yet: they are stored.";
