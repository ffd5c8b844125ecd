/**
 * Models as checks of bodies: JSON schema draft 4, models by name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
import type { Ajv as AjvType, ErrorObject, ValidateFunction } from "ajv";
import { invariant } from "@tripline/kernel";
import { badRequest } from "../../errors.ts";
import type { RestModel } from "../definition/rest-api.ts";

/** What is wrong with a body: nothing, or AWS's `$context.error.validationErrorString`. */
export type ModelCheck = (value: unknown) => string | undefined;

let ajvClass: (new (options: object) => AjvType) | undefined;

/** Before the first schema is looked at: ajv is large, and most APIs have none. */
export async function loadSchemaChecks(): Promise<void> {
  if (ajvClass !== undefined) return;
  const loaded = (await import("ajv-draft-04")).default as unknown;
  const given = loaded as { default?: typeof ajvClass };
  ajvClass = given.default ?? (loaded as NonNullable<typeof ajvClass>);
}

function newAjv(): AjvType {
  invariant(ajvClass !== undefined, "schemas are checked after loadSchemaChecks");
  const formats = { "date-time": true, email: true, uri: true, hostname: true, ipv4: true, ipv6: true };
  return new ajvClass({ strict: false, allErrors: true, validateFormats: false, formats, logger: false });
}

/** Compiles the model `name` among `models`; it may refer to the others as `https://apigateway.amazonaws.com/restapis/{id}/models/{name}`. */
export function compileModel(models: Readonly<Record<string, RestModel>>, name: string): ModelCheck {
  const ajv = newAjv();
  for (const model of Object.values(models)) {
    if (model.schema === undefined || model.contentType !== "application/json") continue;
    ajv.addSchema({ ...toLocal(JSON.parse(model.schema)), id: `model:${model.name}` }, `model:${model.name}`);
  }
  const validate = ajv.getSchema(`model:${name}`) as ValidateFunction | undefined;
  if (validate === undefined) return () => undefined;
  return (value) => (validate(value) ? undefined : toErrorString(validate.errors ?? []));
}

/** Throws BadRequestException where `schema` is none. */
export function checkModel(schema: unknown): void {
  const ajv = newAjv();
  if (ajv.validateSchema(toLocal(schema)) === true) return;
  throw badRequest(`Invalid model schema specified: Validation Result: warnings : [], errors : [${ajv.errorsText()}]`);
}

/** References of AWS's form lead to models here; a `$schema` of another draft is read as draft 4. */
function toLocal(schema: unknown): Record<string, unknown> {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, value]) => {
        if (key === "$schema" || (key === "id" && typeof value === "string")) return [];
        if (key !== "$ref" || typeof value !== "string") return [[key, walk(value)]];
        const model =
          /\/models\/(\w+)$/.exec(value)?.[1] ?? /^#\/(?:definitions|components\/schemas)\/(\w+)$/.exec(value)?.[1];
        return [[key, model === undefined ? value : `model:${model}`]];
      }),
    );
  };
  return walk(schema) as Record<string, unknown>;
}

/** `[object has missing required properties (["a","b"])]` */
function toErrorString(errors: readonly ErrorObject[]): string {
  const missing = errors
    .filter((one) => one.keyword === "required")
    .map((one) => String((one.params as { missingProperty?: string }).missingProperty));
  const texts =
    missing.length === 0 ? [] : [`object has missing required properties (${JSON.stringify(missing.sort())})`];
  for (const one of errors) {
    if (one.keyword === "required") continue;
    texts.push(
      one.keyword === "type"
        ? `instance type does not match any allowed primitive type (allowed: [${JSON.stringify((one.params as { type?: unknown }).type)}])`
        : (one.message ?? one.keyword),
    );
  }
  return `[${texts.join(", ")}]`;
}
