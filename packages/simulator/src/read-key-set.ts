import { readFile } from "node:fs/promises";
import type { GivenUserPoolKeys } from "@tripline/gateway";

/** The JSON Web Key Set of a file: read anew each time, since a local pool writes new keys at each start. Rejects for a file that has none. */
export async function readKeySet(
  file: string,
): Promise<Awaited<Exclude<ReturnType<GivenUserPoolKeys>, string | undefined>>> {
  const value = JSON.parse(await readFile(file, "utf8")) as { keys?: unknown };
  if (!Array.isArray(value.keys)) throw new Error(`${file} is no JSON Web Key Set: it has no keys`);
  return { keys: value.keys };
}
