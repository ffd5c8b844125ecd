/**
 * An alias: a name for one published version (or `$LATEST`), and for a share of its requests another.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 */
import type { Rng } from "@tripline/kernel";

/** An alias as it is kept. */
export interface AliasDefinition {
  functionName: string;
  name: string;
  aliasArn: string;
  /** `$LATEST` or a number. */
  functionVersion: string;
  description: string;
  /** Version -> its share of the requests, 0 to 1. One entry at most. */
  additionalVersionWeights: Readonly<Record<string, number>>;
  revisionId: string;
}

/** The version that takes the next request. Draws from `rng` only where the alias is weighted. */
export function chooseVersion(alias: AliasDefinition, rng: Rng): string {
  const additional = Object.entries(alias.additionalVersionWeights);
  if (additional.length === 0) return alias.functionVersion;
  let drawn = rng.next();
  for (const [version, weight] of additional) {
    if (drawn < weight) return version;
    drawn -= weight;
  }
  return alias.functionVersion;
}
