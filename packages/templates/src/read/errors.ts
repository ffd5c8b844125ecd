/** The errors of a template that cannot be used. Each names file and line, and what to write instead. */
import { SimulatorError, suggest } from "@tripline/kernel";
import { type Place, toWhere } from "./template-node.ts";

/** The text does not parse. */
export function syntaxError(file: string, line: number, column: number, what: string): SimulatorError {
  return new SimulatorError("SIM_TEMPLATE_SYNTAX", {
    what: `The template is not valid ${file.endsWith(".json") ? "JSON" : "YAML"}: ${what}`,
    where: `${file}:${line}:${column}`,
    next: "Correct the text at this place.",
  });
}

/** A value, property or section that a template cannot have. */
export function invalid(place: Place, what: string, next: string): SimulatorError {
  return new SimulatorError("SIM_TEMPLATE_INVALID", { what, where: toWhere(place), next });
}

/** A name that nothing in the template has; suggests the nearest of `known`. */
export function unknownReference(
  place: Place,
  what: string,
  name: string,
  known: Iterable<string>,
  otherwise: string,
): SimulatorError {
  const nearest = suggest(name, known);
  return new SimulatorError("SIM_TEMPLATE_REFERENCE", {
    what,
    where: toWhere(place),
    next: nearest === undefined ? otherwise : `Did you mean "${nearest}"?`,
  });
}

/** Resources that wait for each other. `ring` begins and ends with the same name. */
export function cycleError(place: Place, ring: readonly string[]): SimulatorError {
  return new SimulatorError("SIM_TEMPLATE_CYCLE", {
    what: `These depend on each other in a ring: ${ring.join(" -> ")}.`,
    where: toWhere(place),
    next: "Take one of the references or DependsOn out of the ring; AWS refuses it as well.",
  });
}

/** A parameter without a usable value. */
export function parameterError(place: Place | undefined, what: string, next: string): SimulatorError {
  return new SimulatorError("SIM_TEMPLATE_PARAMETER", {
    what,
    ...(place === undefined ? {} : { where: toWhere(place) }),
    next,
  });
}
