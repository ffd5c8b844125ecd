/** CreateModel, GetModel(s), UpdateModel, DeleteModel, GetModelTemplate. https://docs.aws.amazon.com/apigateway/latest/api/API_Model.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, notFound } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { pathOfResource, type RestApi, type RestModel } from "../definition/rest-api.ts";
import { checkModel, loadSchemaChecks } from "../serving/compile-model.ts";
import { applyPatch, listedErrors, type PatchOperation, setMember } from "../patch/patch-operations.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of CreateModel. */
export interface CreateModelInput {
  restApiId: string;
  name: string;
  description?: string;
  schema?: string;
  contentType: string;
}

interface ModelInput {
  restApiId: string;
  modelName: string;
}

const emptySchema = "Model schema must have at least 1 property or array items defined";

/** The operations of models. */
export function modelOperations(house: GatewayHouse): Operation[] {
  const { rest, rng } = house;
  const modelOf = ({ restApiId, modelName }: ModelInput): { api: RestApi; model: RestModel } => {
    const api = rest.get(restApiId);
    const model = api?.models.get(modelName);
    if (api === undefined || model === undefined) throw notFound(`Invalid model name specified: ${modelName}`);
    return { api, model };
  };
  return [
    restOperation<CreateModelInput>(
      "CreateModel",
      ["restApiId", "name", "description", "schema", "contentType"],
      async ({ restApiId, name, description, schema, contentType }, context) => {
        await loadSchemaChecks();
        if (name === "") throw badRequest("Model name must be non-empty");
        if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest("Model name must be alphanumeric");
        const api = restApiOf(house, restApiId);
        if (api.models.has(name) && context.upsert !== true)
          throw conflict("Model name already exists for this REST API");
        const model: RestModel = { id: newId(rng, 6), name, contentType };
        setMember(model, "description", description === "" ? undefined : description);
        setMember(model, "schema", checkSchema(schema, contentType));
        await rest.put(api, "models", name, model);
        return model;
      },
    ),
    restOperation<ModelInput & { flatten?: boolean }>(
      "GetModel",
      ["restApiId", "modelName", "flatten"],
      async ({ flatten, ...input }) => {
        const { api, model } = modelOf(input);
        return flatten === true && model.schema !== undefined
          ? { ...model, schema: JSON.stringify(flattenSchema(api, JSON.parse(model.schema))) }
          : model;
      },
    ),
    restOperation<{ restApiId: string } & PageInput>(
      "GetModels",
      ["restApiId", ...pageMembers],
      async ({ restApiId, ...which }) =>
        page(
          [...restApiOf(house, restApiId).models.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
          which,
        ),
    ),
    restOperation<ModelInput>("GetModelTemplate", ["restApiId", "modelName"], async (input) => {
      const { model } = modelOf(input);
      return { value: toModelTemplate(model) };
    }),
    restOperation<ModelInput & { patchOperations?: PatchOperation[] }>(
      "UpdateModel",
      ["restApiId", "modelName", "patchOperations"],
      async ({ patchOperations, ...input }) => {
        await loadSchemaChecks();
        const { api, model } = modelOf(input);
        const next = { ...model };
        applyPatch(
          "updateModelInput",
          patchOperations,
          [
            {
              path: "/description",
              ops: {
                replace: ({ value }) => {
                  setMember(next, "description", value === "" ? undefined : value);
                },
              },
            },
            {
              path: "/schema",
              ops: {
                replace: ({ value }) => {
                  setMember(next, "schema", checkSchema(value, model.contentType));
                },
              },
            },
          ],
          listedErrors,
        );
        await rest.put(api, "models", model.name, next);
        return next;
      },
    ),
    restOperation<ModelInput>("DeleteModel", ["restApiId", "modelName"], async (input) => {
      const { api, model } = modelOf(input);
      refuseInUse(api, model.name);
      await rest.remove(api, "models", model.name);
      return {};
    }),
  ];
}

/** The schema, or what AWS answers to one that is none. */
export function checkSchema(schema: string | undefined, contentType: string): string {
  if (schema === undefined || schema.trim() === "") throw badRequest(emptySchema);
  if (contentType !== "application/json") return schema;
  let value: unknown;
  try {
    value = JSON.parse(schema);
  } catch {
    throw badRequest(
      "Invalid model schema specified: Validation Result: warnings : [], errors : [Invalid model schema specified. The schema is not valid JSON]",
    );
  }
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) throw badRequest(emptySchema);
  checkModel(value);
  return schema;
}

function refuseInUse(api: RestApi, name: string): void {
  // AWS names the newest one first.
  for (const resource of [...api.resources.values()].reverse()) {
    const path = pathOfResource((id) => api.resources.get(id), resource.id);
    for (const method of Object.values(resource.methods)) {
      const at = `${path === "/" ? "/" : path}/${method.httpMethod}`;
      if (Object.values(method.requestModels ?? {}).includes(name))
        throw conflict(`Cannot delete model '${name}', is referenced in method request: ${at}`);
      for (const response of Object.values(method.methodResponses ?? {}))
        if (Object.values(response.responseModels ?? {}).includes(name))
          throw conflict(`Cannot delete model '${name}', is referenced in method response: ${at}`);
    }
  }
  for (const model of api.models.values())
    if (model.schema?.includes(`/models/${name}"`) === true && model.name !== name)
      throw conflict(`Cannot delete model '${name}', is referenced in model: ${model.name}`);
}

/** Models that a schema refers to, put where it does; one that comes back to itself stays a reference. */
function flattenSchema(api: RestApi, schema: unknown, within: readonly string[] = []): unknown {
  if (Array.isArray(schema)) return schema.map((one) => flattenSchema(api, one, within));
  if (typeof schema !== "object" || schema === null) return schema;
  const name = /\/models\/(\w+)$/.exec((schema as { $ref?: string }).$ref ?? "")?.[1];
  const text = name === undefined || within.includes(name) ? undefined : api.models.get(name)?.schema;
  if (name !== undefined && text !== undefined) return flattenSchema(api, JSON.parse(text), [...within, name]);
  return Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, flattenSchema(api, one, within)]));
}

/** A mapping template that writes what the model describes. */
function toModelTemplate({ schema, contentType }: RestModel): string {
  if (contentType !== "application/json" || schema === undefined)
    throw badRequest("Unable to generate template: the model's content type is not application/json");
  const write = (node: Record<string, unknown>, path: string, indent: string): string => {
    const inner = `${indent}  `;
    if (node["type"] === "array") {
      const items = write((node["items"] ?? {}) as Record<string, unknown>, "$elem", inner);
      return `[\n#foreach($elem in ${path})\n${inner}${items}#if($foreach.hasNext),#end\n#end\n${indent}]`;
    }
    const members = Object.entries((node["properties"] ?? {}) as Record<string, Record<string, unknown>>);
    if (node["type"] === "object" || members.length > 0)
      return `{\n${members.map(([name, one]) => `${inner}"${name}" : ${write(one, `${path}.${name}`, inner)}`).join(",\n")}\n${indent}}`;
    return node["type"] === "string" ? `"${path}"` : path;
  };
  return `#set($inputRoot = $input.path('$'))\n${write(JSON.parse(schema) as Record<string, unknown>, "$inputRoot", "")}`;
}
