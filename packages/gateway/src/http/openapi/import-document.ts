/**
 * OpenAPI 3.0 documents as HTTP APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
 *
 * D1. Integrations, routes and authorizers are made by their own operations, in a draft; nothing is changed unless all went well.
 * D2. What they refuse is left out with a warning: a route without its integration is there, a route without its authorizer is not, as
 *     anybody could call it.
 * D3. Integrations of `components` that several routes refer to are one. A payload format that is not given is 1.0.
 * D4. An operation that asks for more than one security scheme is an error.
 */
import { type CallContext, isServiceError } from "@tripline/kernel";
import { badRequest } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import { type BasePathMode, basePathOf } from "../../openapi/base-path.ts";
import { isNode, list, node, type Node, strings, text } from "../../openapi/document-node.ts";
import { parseDocumentText } from "../../openapi/parse-document.ts";
import { resolveReference } from "../../openapi/resolve-reference.ts";
import type { CorsConfiguration, HttpApi } from "../http-api.ts";
import { createDraftApi, type DraftApi } from "./draft-api.ts";
import { ImportFindings } from "./import-findings.ts";
import { toAuthorizerInput, toIntegrationInput } from "./extension-input.ts";

/** How to import. */
export interface ImportOptions {
  basePath: BasePathMode;
  failOnWarnings: boolean;
}

const verbs = ["get", "put", "post", "delete", "options", "head", "patch"];
const anyMethod = "x-amazon-apigateway-any-method";
const integrationKey = "x-amazon-apigateway-integration";
const integrationsKey = "x-amazon-apigateway-integrations";
/** What is read of the document itself; other extensions are of REST APIs. */
const documentKeys: ReadonlySet<string> = new Set([
  "x-amazon-apigateway-cors",
  "x-amazon-apigateway-endpoint-configuration",
  "x-amazon-apigateway-importexport-version",
]);
const operationKeys: ReadonlySet<string> = new Set([integrationKey, "x-amazon-apigateway-auth"]);
const ignoredKeys: ReadonlySet<string> = new Set(["requestBody", "responses", "parameters", "callbacks", "servers"]);

/** Throws BadRequestException for a text that is no OpenAPI 3.0 document. */
export function parseHttpDocument(body: string, { scope }: GatewayHouse): Node {
  const document = parseDocumentText(body, scope);
  if (document === undefined) throw badRequest("Invalid OpenAPI input.");
  const findings = new ImportFindings();
  const version = text(document["openapi"]);
  if (version?.startsWith("3.0") !== true)
    findings.error(
      `Unsupported OpenAPI version: ${version ?? text(document["swagger"]) ?? "none"}. HTTP APIs are imported from OpenAPI 3.0`,
    );
  const algorithm = text(document["x-amazon-apigateway-importexport-version"]) ?? "1.0";
  if (algorithm !== "1.0" && algorithm !== "1")
    findings.error(`Unsupported x-amazon-apigateway-importexport-version: ${algorithm}`);
  if ((text(node(document["info"])["title"]) ?? "") === "")
    findings.error("Parse issue: attribute info.title is missing");
  findings.check(false);
  return document;
}

/** `api` as the document has it, its stages and deployments kept. Throws BadRequestException (D1). */
export async function importDocument(
  house: GatewayHouse,
  api: HttpApi,
  document: Node,
  { basePath, failOnWarnings }: ImportOptions,
  context: CallContext,
): Promise<HttpApi> {
  const findings = new ImportFindings();
  const {
    cors: _cors,
    description: _description,
    version: _version,
    importInfo: _info,
    warnings: _warnings,
    ...kept
  } = api;
  const blank: HttpApi = {
    ...kept,
    ...settingsOf(document, api),
    integrations: {},
    routes: {},
    authorizers: {},
  };
  const draft = await createDraftApi(house, blank, context);
  tellIgnored(document, findings);
  const authorizers = await makeAuthorizers(draft, document, findings);
  await new RouteMaker(draft, document, findings, authorizers).make(basePathOf(document, basePath));
  findings.check(failOnWarnings);
  const { infos, warnings } = findings;
  return {
    ...draft.definition(),
    ...(infos.length === 0 ? {} : { importInfo: infos }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function settingsOf(document: Node, api: HttpApi): Partial<HttpApi> & { name: string } {
  const info = node(document["info"]);
  const description = text(info["description"]);
  const version = text(info["version"]);
  const cors = toCors(document["x-amazon-apigateway-cors"]);
  const configuration = [document, ...list(document["servers"])]
    .map((one) => node(one["x-amazon-apigateway-endpoint-configuration"])["disableExecuteApiEndpoint"])
    .find((one) => typeof one === "boolean");
  const tags = list(document["tags"]).flatMap((tag) => {
    const value = text(tag["x-amazon-apigateway-tag-value"]);
    return value === undefined ? [] : [[text(tag["name"]) ?? "", value] as const];
  });
  return {
    name: text(info["title"]) ?? api.name,
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    ...(cors === undefined ? {} : { cors }),
    ...(configuration === undefined ? {} : { disableExecuteApiEndpoint: configuration }),
    tags: { ...api.tags, ...Object.fromEntries(tags) },
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-cors-configuration.html */
function toCors(given: unknown): CorsConfiguration | undefined {
  if (!isNode(given)) return undefined;
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials } = given;
  return {
    ...(Array.isArray(allowOrigins) ? { AllowOrigins: strings(allowOrigins) } : {}),
    ...(Array.isArray(allowMethods) ? { AllowMethods: strings(allowMethods) } : {}),
    ...(Array.isArray(allowHeaders) ? { AllowHeaders: strings(allowHeaders) } : {}),
    ...(Array.isArray(exposeHeaders) ? { ExposeHeaders: strings(exposeHeaders) } : {}),
    ...(typeof maxAge === "number" ? { MaxAge: maxAge } : {}),
    ...(typeof allowCredentials === "boolean" ? { AllowCredentials: allowCredentials } : {}),
  };
}

function tellIgnored(document: Node, findings: ImportFindings): void {
  for (const key of Object.keys(document))
    if (key.startsWith("x-amazon-apigateway-") && !documentKeys.has(key)) findings.ignored("document", key);
  for (const key of Object.keys(node(document["components"])))
    if (key !== "securitySchemes" && key !== integrationsKey) findings.ignored("components", key);
}

/** Ids and kinds, by name of the scheme. */
type Authorizers = ReadonlyMap<string, { id: string; type: "JWT" | "CUSTOM" }>;

async function makeAuthorizers(draft: DraftApi, document: Node, findings: ImportFindings): Promise<Authorizers> {
  const made = new Map<string, { id: string; type: "JWT" | "CUSTOM" }>();
  for (const [name, scheme] of Object.entries(node(node(document["components"])["securitySchemes"]))) {
    const input = toAuthorizerInput(name, node(scheme));
    if (input === undefined) continue;
    const id = await attempt(findings, `Authorizer '${name}'`, async () => {
      const { AuthorizerId } = await draft.call("CreateAuthorizer", input);
      return AuthorizerId;
    });
    if (id !== undefined) made.set(name, { id, type: input["AuthorizerType"] === "JWT" ? "JWT" : "CUSTOM" });
  }
  return made;
}

/** D2 */
async function attempt<Made>(
  findings: ImportFindings,
  what: string,
  make: () => Promise<Made>,
): Promise<Made | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    findings.leftOut(what, error.message);
    return undefined;
  }
}

class RouteMaker {
  readonly #draft: DraftApi;
  readonly #document: Node;
  readonly #findings: ImportFindings;
  readonly #authorizers: Authorizers;
  /** By reference (D3). */
  readonly #shared = new Map<string, string>();

  constructor(draft: DraftApi, document: Node, findings: ImportFindings, authorizers: Authorizers) {
    this.#draft = draft;
    this.#document = document;
    this.#findings = findings;
    this.#authorizers = authorizers;
  }

  async make(basePath: string): Promise<void> {
    for (const [path, item] of Object.entries(node(this.#document["paths"]))) {
      if (!path.startsWith("/"))
        this.#findings.warnings.push(`Parse issue: attribute paths. Resource ${path} should start with /`);
      for (const [key, given] of Object.entries(node(item))) {
        const verb = key === anyMethod ? "ANY" : verbs.includes(key) ? key.toUpperCase() : undefined;
        if (verb === undefined || !isNode(given)) {
          if (key.startsWith("x-amazon-apigateway-")) this.#findings.ignored(`paths.${path}`, key);
          continue;
        }
        const isDefault = verb === "ANY" && (given["isDefaultRoute"] === true || /^\/?\$default$/.test(path));
        const whole = `${basePath}/${path.replace(/^\/+/, "")}`;
        await this.#route(isDefault ? "$default" : `${verb} ${whole}`, `paths.${path}.${key}`, given);
      }
    }
  }

  async #route(routeKey: string, where: string, operation: Node): Promise<void> {
    for (const key of Object.keys(operation))
      if (ignoredKeys.has(key) || (key.startsWith("x-amazon-apigateway-") && !operationKeys.has(key)))
        this.#findings.ignored(where, key);
    const security = this.#security(routeKey, operation);
    if (security === undefined) return;
    const integrationId = await this.#integration(routeKey, where, operation[integrationKey]);
    const operationName = text(operation["operationId"]);
    await attempt(this.#findings, `route '${routeKey}'`, () =>
      this.#draft.call("CreateRoute", {
        RouteKey: routeKey,
        ...security,
        ...(operationName === undefined ? {} : { OperationName: operationName }),
        ...(integrationId === undefined ? {} : { Target: `integrations/${integrationId}` }),
      }),
    );
  }

  async #integration(routeKey: string, where: string, given: unknown): Promise<string | undefined> {
    if (!isNode(given)) return undefined;
    const reference = text(given["$ref"]);
    const known = reference === undefined ? undefined : this.#shared.get(reference);
    if (known !== undefined) return known;
    const id = await attempt(this.#findings, `integration for resource at path '${routeKey}'`, async () => {
      const input = toIntegrationInput(resolveReference(this.#document, given), (key) => {
        this.#findings.ignored(`${where}.${integrationKey}`, key);
      });
      const { IntegrationId } = await this.#draft.call("CreateIntegration", input);
      return IntegrationId;
    });
    if (reference !== undefined && id !== undefined) this.#shared.set(reference, id);
    return id;
  }

  /** D4. Members of CreateRoute; undefined where the route cannot be protected as it asks (D2). */
  #security(routeKey: string, operation: Node): Record<string, unknown> | undefined {
    const auth = text(node(operation["x-amazon-apigateway-auth"])["type"])?.toUpperCase();
    if (auth === "NONE") return {};
    if (auth === "AWS_IAM") return { AuthorizationType: "AWS_IAM" };
    const requirements = list(operation["security"] ?? this.#document["security"]).flatMap((one) =>
      Object.entries(one),
    );
    const [first] = requirements;
    if (first === undefined) return {};
    if (requirements.length > 1) {
      this.#findings.error(
        `Unable to create route '${routeKey}': more than one security requirement. HTTP APIs support one for each operation`,
      );
      return undefined;
    }
    const [name, scopes] = first;
    const scheme = node(node(node(this.#document["components"])["securitySchemes"])[name]);
    if (text(scheme["x-amazon-apigateway-authtype"])?.toLowerCase() === "awssigv4")
      return { AuthorizationType: "AWS_IAM" };
    const authorizer = this.#authorizers.get(name);
    if (authorizer === undefined) {
      this.#findings.leftOut(`route '${routeKey}'`, `Authorizer '${name}' was not created`);
      return undefined;
    }
    const wanted = strings(scopes);
    return {
      AuthorizationType: authorizer.type,
      AuthorizerId: authorizer.id,
      ...(wanted.length === 0 ? {} : { AuthorizationScopes: wanted }),
    };
  }
}
