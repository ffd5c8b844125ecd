import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { invalid } from "../read/errors.ts";
import { type PlanContext, placeOfProperty } from "./resource-type.ts";

/** The OpenAPI document of a SAM API: itself, or the text of its file. Undefined where there is none. */
export function readDefinition(
  { definition, folder }: PlanContext,
  { DefinitionBody, DefinitionUri }: { DefinitionBody?: unknown; DefinitionUri?: string },
): unknown {
  if (DefinitionUri === undefined) return DefinitionBody;
  const place = placeOfProperty(definition, "DefinitionUri");
  try {
    return readFileSync(resolve(folder, DefinitionUri), "utf8");
  } catch {
    throw invalid(
      place,
      `DefinitionUri of ${definition.logicalId} cannot be read: ${DefinitionUri}.`,
      "Name a file beside the template.",
    );
  }
}
