/**
 * Nothing is accepted and ignored: a member that an operation refuses, or names in neither of its lists, is an error that names it.
 *
 * M1. `honoured` names members of the input; a name covers what is nested in it, unless a nested one is refused (or only nested ones
 *     are honoured: `A.B` alone honours B of A and nothing else of A).
 * M2. Items of lists and entries of maps have no step of their own in a name: `Entries.DelaySeconds` is that of each entry.
 */
import type { Operation } from "@tripline/kernel";
import { honouredByUpload } from "./s3/upload-body.ts";
import { memberNotImplemented } from "./wire-errors.ts";

/** Whether the endpoint itself honours a member, for every operation of a service: checksums and lengths of what S3 is sent. */
export function isHonouredByWire(service: string, member: string): boolean {
  return service === "s3" && honouredByUpload.has(member);
}

/** Throws NotImplemented (501) for the first member of `input` that is not honoured. */
export type MemberCheck = (input: Readonly<Record<string, unknown>>) => void;

/** The check of one operation. */
export function createMemberCheck(service: string, operation: Operation): MemberCheck {
  const honoured = new Set(operation.honoured);
  const refused = new Map(Object.entries(operation.refused ?? {}));
  const isPartly = (path: string): boolean => operation.honoured.some((one) => one.startsWith(`${path}.`));
  const nestedRefusals = Array.from(refused.keys(), (path) => path.split(".")).filter((path) => path.length > 1);

  const refuse = (path: string): never => {
    throw memberNotImplemented(service, operation.name, path, refused.get(path) ?? "it is not simulated");
  };
  const checkNested = (value: unknown, path: string): void => {
    for (const item of toItems(value)) {
      for (const name of Object.keys(item)) {
        const nested = `${path}.${name}`;
        if (item[name] === undefined || honoured.has(nested)) continue;
        if (!isPartly(nested)) refuse(nested);
        checkNested(item[name], nested);
      }
    }
  };
  return (input) => {
    for (const name in input) {
      const value = input[name];
      if (value === undefined) continue;
      if (refused.has(name)) refuse(name);
      if (honoured.has(name) || isHonouredByWire(service, name)) continue;
      if (!isPartly(name)) refuse(name);
      checkNested(value, name);
    }
    for (const path of nestedRefusals) if (isSet(input, path)) refuse(path.join("."));
  };
}

function isSet(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined;
  return toItems(value).some((item) => item[name] !== undefined && isSet(item[name], rest));
}

/** M2 */
function toItems(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(toItems);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date) return [];
  return [value as Record<string, unknown>];
}
