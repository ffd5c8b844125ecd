import { validationException } from "../errors.ts";
import type { FunctionDefinition } from "../function-definition.ts";

/** The one instruction set of a function; undefined where none is given. The machine's own runs it either way. */
export function toArchitecture(given: readonly string[] | undefined): FunctionDefinition["architecture"] | undefined {
  if (given === undefined || given.length === 0) return undefined;
  if (given.length > 1) throw refusal(given, "Member must have length less than or equal to 1");
  const [one] = given;
  if (one === "x86_64" || one === "arm64") return one;
  throw refusal(
    given,
    "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
  );
}

function refusal(given: readonly string[], constraint: string): Error {
  return validationException(
    `Value '[${given.join(", ")}]' at 'architectures' failed to satisfy constraint: ${constraint}`,
  );
}
