/**
 * What an API's documentation says, part by part. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api.html
 *
 * A version holds the parts as they were when it was made; stages and exports name one.
 */

/** What a part may be about. */
export type DocumentationType =
  | "API"
  | "AUTHORIZER"
  | "MODEL"
  | "RESOURCE"
  | "METHOD"
  | "PATH_PARAMETER"
  | "QUERY_PARAMETER"
  | "REQUEST_HEADER"
  | "REQUEST_BODY"
  | "RESPONSE"
  | "RESPONSE_HEADER"
  | "RESPONSE_BODY";

/** What a part is about; which members it has is a matter of its type. */
export interface DocumentationLocation {
  type: DocumentationType;
  path?: string;
  method?: string;
  statusCode?: string;
  name?: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_DocumentationPart.html */
export interface DocumentationPart {
  id: string;
  location: DocumentationLocation;
  /** JSON text. */
  properties: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_DocumentationVersion.html */
export interface DocumentationVersion {
  version: string;
  createdAtMs: number;
  description?: string;
  parts: readonly DocumentationPart[];
}

type Member = "path" | "method" | "statusCode" | "name";

/** Types -> the members that tell one of them from another. */
const documentationTypes: Readonly<Record<DocumentationType, readonly Member[]>> = {
  API: [],
  AUTHORIZER: ["name"],
  MODEL: ["name"],
  RESOURCE: ["path"],
  METHOD: ["path", "method"],
  PATH_PARAMETER: ["path", "method", "name"],
  QUERY_PARAMETER: ["path", "method", "name"],
  REQUEST_HEADER: ["path", "method", "name"],
  REQUEST_BODY: ["path", "method"],
  RESPONSE: ["path", "method", "statusCode"],
  RESPONSE_HEADER: ["path", "method", "statusCode", "name"],
  RESPONSE_BODY: ["path", "method", "statusCode"],
};

const defaults: Readonly<Partial<Record<Member, string>>> = { path: "/", method: "*", statusCode: "*" };

/** The location with AWS's defaults, or what is wrong with it. */
export function toLocation(given: Readonly<Record<string, unknown>>): DocumentationLocation | string {
  const { type } = given;
  if (typeof type !== "string" || !(type in documentationTypes)) return `Invalid location type: ${String(type)}`;
  const wanted = documentationTypes[type as DocumentationType];
  const location: DocumentationLocation = { type: type as DocumentationType };
  for (const member of ["path", "method", "statusCode", "name"] as const) {
    const value = given[member] ?? (wanted.includes(member) ? defaults[member] : undefined);
    if (value === undefined && wanted.includes(member)) return `Location of type ${type} must have a ${member}`;
    if (value === undefined) continue;
    if (!wanted.includes(member)) return `Location of type ${type} cannot have a ${member}`;
    location[member] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return location;
}

/** Two parts cannot be about the same. */
export function isSameLocation(a: DocumentationLocation, b: DocumentationLocation): boolean {
  return (["type", "path", "method", "statusCode", "name"] as const).every((member) => a[member] === b[member]);
}
