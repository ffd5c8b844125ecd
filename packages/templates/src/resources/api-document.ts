/** What SAM writes into OpenAPI documents of templates, whichever API they are of. */

/** A map of a document. */
export type DocumentMap = Record<string, unknown>;

/** One operation that a document integrates with something. */
export interface IntegratedOperation {
  /** `get`, `options`, `x-amazon-apigateway-any-method`, … */
  method: string;
  operation: DocumentMap;
}

/** Where a document says what is behind an operation. */
export const integrationKey = "x-amazon-apigateway-integration";

/** The scheme by which SAM asks for signatures. */
export const iamScheme = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "awsSigv4",
};

/** The method of a document that stands for all. */
export const anyMethod = "x-amazon-apigateway-any-method";

/** See {@link DocumentMap}. */
export function isMap(value: unknown): value is DocumentMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map at `key`, made where there is none. */
export function mapAt(parent: DocumentMap, key: string): DocumentMap {
  const found = parent[key];
  if (isMap(found)) return found;
  const made: DocumentMap = {};
  parent[key] = made;
  return made;
}

/** SAM guards what has an integration, and nothing else. */
export function integratedOperations(document: DocumentMap): IntegratedOperation[] {
  return Object.values(mapAt(document, "paths"))
    .filter(isMap)
    .flatMap((path) =>
      Object.entries(path).flatMap(([method, operation]) =>
        isMap(operation) && isMap(operation[integrationKey]) ? [{ method, operation }] : [],
      ),
    );
}

/** What an operation asks of its callers: each a scheme with scopes. */
export function securityOf({ security }: DocumentMap): DocumentMap[] {
  return Array.isArray(security) ? security.filter(isMap) : [];
}
