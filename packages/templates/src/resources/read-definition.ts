import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { invalid } from "../read/errors.ts";
import { isMap } from "./api-document.ts";
import { type PlanContext, placeOfProperty } from "./resource-type.ts";

/** What a SAM API says of its document. */
export interface Definition {
  DefinitionBody?: unknown;
  DefinitionUri?: string;
  Auth?: object;
  /** REST APIs only: that of an HTTP API is a setting of its own. */
  Cors?: object;
}

/**
 * The OpenAPI document of a SAM API: itself, or the text of its file. Undefined where there is none. Throws `SIM_TEMPLATE_INVALID` for
 * what SAM refuses: both of them, and Auth or Cors beside a document that they cannot be written into.
 */
export function readDefinition(
  { definition, folder }: PlanContext,
  { DefinitionBody, DefinitionUri, Auth = {}, Cors }: Definition,
): unknown {
  const { logicalId } = definition;
  const written = Object.keys(Auth).length > 0 ? "Auth" : Cors === undefined ? undefined : "Cors";
  if (DefinitionUri === undefined) {
    if (written !== undefined && DefinitionBody !== undefined && !isOpenApi(DefinitionBody))
      throw invalid(
        placeOfProperty(definition, "DefinitionBody"),
        `${written} of ${logicalId} cannot be written into its DefinitionBody, which is no OpenAPI document.`,
        "Give the document openapi or swagger, and paths.",
      );
    return DefinitionBody;
  }
  const place = placeOfProperty(definition, "DefinitionUri");
  if (DefinitionBody !== undefined)
    throw invalid(place, `${logicalId} has both DefinitionBody and DefinitionUri.`, "Keep one of them.");
  if (written !== undefined)
    throw invalid(
      placeOfProperty(definition, written),
      `${written} of ${logicalId} works only with a document in DefinitionBody, as in SAM: it is not written into the file of DefinitionUri.`,
      "Include the file in DefinitionBody with AWS::Include, or write into the file what it says.",
    );
  try {
    return readFileSync(resolve(folder, DefinitionUri), "utf8");
  } catch {
    throw invalid(
      place,
      `DefinitionUri of ${logicalId} cannot be read: ${DefinitionUri}.`,
      "Name a file beside the template.",
    );
  }
}

function isOpenApi(document: unknown): boolean {
  return isMap(document) && isMap(document["paths"]) && (document["openapi"] ?? document["swagger"]) !== undefined;
}
