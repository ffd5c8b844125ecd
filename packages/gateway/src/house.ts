import type { Clock, Rng, Scope } from "@tripline/kernel";
import type { ApiStore } from "./api-store.ts";
import type { HttpServing } from "./http/serve-http-api.ts";
import type { AccountStore } from "./rest/definition/account-store.ts";
import type { RestApiStore } from "./rest/definition/rest-api-store.ts";
import type { RestServing } from "./rest/serving/rest-serving.ts";

/** What every operation of API Gateway works with. */
export interface GatewayHouse {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  apis: ApiStore;
  /** For compiling stages of HTTP APIs. */
  serving: HttpServing;
  rest: RestApiStore;
  account: AccountStore;
  restServing: RestServing;
  /** Forgets what a stage has cached. */
  flush(which: "responses" | "authorizers", restApiId: string, stageName: string): void;
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** The tag by which a template, or a test, chooses an API's id. */
export const idTag = "tripline:id";

/** An id as AWS makes them: lower-case letters and digits. */
export function newId(rng: Rng, length: number): string {
  return Array.from({ length }, () => letters.charAt(rng.below(letters.length))).join("");
}

/** The id that tags ask for, or a new one. */
export function toApiId(rng: Rng, tags: Readonly<Record<string, string>> | undefined): string {
  return tags?.[idTag] ?? newId(rng, 10);
}

/** Refuses members, all for one reason. */
export function refuse(names: readonly string[], reason: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
