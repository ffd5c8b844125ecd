import type { RestModel } from "./rest-api.ts";

/** The models that every new API has: `Empty` and `Error`. */
export function builtInModels(newId: () => string): RestModel[] {
  const $schema = "http://json-schema.org/draft-04/schema#";
  return [
    {
      id: newId(),
      name: "Empty",
      description: "This is a default empty schema model",
      schema: JSON.stringify({ $schema, title: "Empty Schema", type: "object" }, undefined, 2),
      contentType: "application/json",
    },
    {
      id: newId(),
      name: "Error",
      description: "This is a default error schema model",
      schema: JSON.stringify(
        { $schema, title: "Error Schema", type: "object", properties: { message: { type: "string" } } },
        undefined,
        2,
      ),
      contentType: "application/json",
    },
  ];
}
