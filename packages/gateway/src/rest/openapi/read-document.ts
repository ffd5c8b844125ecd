/**
 * What an OpenAPI document makes of an API, part by part. See `import-openapi.ts` for its rules.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
import { notSimulated } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { type BasePathMode, basePathOf } from "../../openapi/base-path.ts";
import { resolveReference } from "../../openapi/resolve-reference.ts";
import { parameterNames } from "../../routing/route-table.ts";
import type { DocumentationPart } from "../definition/documentation.ts";
import type {
  GatewayResponse,
  RequestValidator,
  RestApi,
  RestAuthorizer,
  RestIntegration,
  RestMethod,
  RestModel,
  RestResource,
} from "../definition/rest-api.ts";
import { checkType, toGatewayResponse } from "../operations/gateway-responses.ts";
import { toIntegrationResponse } from "../operations/integration-responses.ts";
import { toIntegration } from "../operations/integrations.ts";
import { setMember } from "../patch/patch-operations.ts";
import { readDocumentation } from "./read-documentation.ts";
import { copied, isNode, list, node, type Node, strings, text, upper } from "../../openapi/document-node.ts";

/** How to import. */
export interface ImportOptions {
  mode: "merge" | "overwrite";
  basePath: BasePathMode;
  failOnWarnings: boolean;
  /** Documentation that the document has is left out. */
  ignoresDocumentation: boolean;
}

/** What there is to keep. */
export interface DocumentParts {
  resources: RestResource[];
  models: RestModel[];
  validators: RequestValidator[];
  authorizers: RestAuthorizer[];
  gatewayResponses: GatewayResponse[];
  documentationParts: DocumentationPart[];
  /** What was left out. */
  warnings: string[];
}

const verbs = ["get", "put", "post", "delete", "options", "head", "patch"];
const anyMethod = "x-amazon-apigateway-any-method";

const none: ReadonlySet<string> = new Set();
const documentExtensions: ReadonlySet<string> = new Set([
  "api-key-source",
  "binary-media-types",
  "documentation",
  "endpoint-configuration",
  "gateway-responses",
  "minimum-compression-size",
  "policy",
  "request-validator",
  "request-validators",
]);
const operationExtensions: ReadonlySet<string> = new Set(["auth", "integration", "request-validator"]);

function iamRefused(): Error {
  return notSimulated("AWS_IAM authorization: signatures are not verified yet");
}

/** Reads one document for one API. */
export class DocumentReader {
  readonly warnings: string[] = [];
  readonly #house: GatewayHouse;
  readonly #api: RestApi;
  readonly #document: Node;
  readonly #options: ImportOptions;
  readonly #isOpenApi3: boolean;
  /** By their schema. */
  readonly #inlineModels = new Map<string, RestModel>();

  constructor(house: GatewayHouse, api: RestApi, document: Node, options: ImportOptions) {
    this.#house = house;
    this.#api = api;
    this.#document = document;
    this.#options = options;
    this.#isOpenApi3 = document["openapi"] !== undefined;
  }

  read(): DocumentParts {
    this.#warnOfExtensions(this.#document, documentExtensions, "the document");
    const models = this.#models();
    const validators = this.#validators();
    const authorizers = this.#authorizers();
    const resources = this.#resources(models, validators, authorizers);
    models.push(...this.#inlineModels.values());
    return {
      models,
      validators,
      authorizers,
      resources,
      gatewayResponses: this.#gatewayResponses(),
      documentationParts: this.#documentationParts(),
      warnings: this.warnings,
    };
  }

  /** What is not simulated is told, not passed over. */
  #warnOfExtensions(given: Node, known: ReadonlySet<string>, where: string): void {
    for (const key of Object.keys(given)) {
      const name = /^x-amazon-apigateway-(.+)$/.exec(key)?.[1];
      if (name === undefined || known.has(name)) continue;
      this.warnings.push(`${key} of ${where} is not simulated: it was left out`);
    }
  }

  #id(): string {
    return newId(this.#house.rng, 6);
  }

  #documentationParts(): DocumentationPart[] {
    if (this.#options.ignoresDocumentation) return [];
    const { parts, warnings } = readDocumentation(this.#api, this.#document, () => this.#id());
    this.warnings.push(...warnings);
    return parts;
  }

  #models(): RestModel[] {
    const components = node(this.#document["components"]);
    const schemas = node(this.#isOpenApi3 ? components["schemas"] : this.#document["definitions"]);
    return Object.entries(schemas).flatMap(([name, schema]) => {
      if (!/^[A-Za-z0-9]+$/.test(name)) {
        this.warnings.push(`Model name '${name}' is not alphanumeric: it was left out`);
        return [];
      }
      const model: RestModel = {
        id: this.#api.models.get(name)?.id ?? this.#id(),
        name,
        contentType: "application/json",
        schema: JSON.stringify(this.#toSchema(schema)),
      };
      setMember(model, "description", text(node(schema)["description"]));
      return [model];
    });
  }

  /** References to definitions become references to models. AWS sorts what is required. */
  #toSchema(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((one) => this.#toSchema(one));
    if (!isNode(schema)) return schema;
    return Object.fromEntries(
      Object.entries(schema).map(([key, value]) => {
        if (key === "required" && Array.isArray(value)) return [key, strings(value).sort()];
        const name = key === "$ref" && typeof value === "string" ? /\/(\w+)$/.exec(value)?.[1] : undefined;
        return [
          key,
          name === undefined
            ? this.#toSchema(value)
            : `https://apigateway.amazonaws.com/restapis/${this.#api.settings.id}/models/${name}`,
        ];
      }),
    );
  }

  #validators(): RequestValidator[] {
    return Object.entries(node(this.#document["x-amazon-apigateway-request-validators"])).map(([name, given]) => ({
      id: [...this.#api.validators.values()].find((one) => one.name === name)?.id ?? this.#id(),
      name,
      validateRequestBody: node(given)["validateRequestBody"] === true,
      validateRequestParameters: node(given)["validateRequestParameters"] === true,
    }));
  }

  #schemes(): Record<string, Node> {
    const components = node(this.#document["components"]);
    return Object.fromEntries(
      Object.entries(
        node(this.#isOpenApi3 ? components["securitySchemes"] : this.#document["securityDefinitions"]),
      ).map(([name, one]) => [name, node(one)]),
    );
  }

  #authorizers(): RestAuthorizer[] {
    return Object.entries(this.#schemes()).flatMap(([name, scheme]): RestAuthorizer[] => {
      const given = scheme["x-amazon-apigateway-authorizer"];
      if (!isNode(given)) return [];
      const type = (text(given["type"]) ?? "token").toUpperCase() as RestAuthorizer["type"];
      const authType =
        text(scheme["x-amazon-apigateway-authtype"]) ??
        (type === "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom");
      const authorizer: RestAuthorizer = {
        id: [...this.#api.authorizers.values()].find((one) => one.name === name)?.id ?? this.#id(),
        name,
        type,
        authType,
      };
      if (Array.isArray(given["providerARNs"])) authorizer.providerARNs = given["providerARNs"].map(String);
      setMember(authorizer, "authorizerUri", text(given["authorizerUri"]));
      setMember(authorizer, "authorizerCredentials", text(given["authorizerCredentials"]));
      setMember(authorizer, "identityValidationExpression", text(given["identityValidationExpression"]));
      const header = scheme["in"] === "header" ? text(scheme["name"]) : undefined;
      setMember(
        authorizer,
        "identitySource",
        text(given["identitySource"]) ?? (header === undefined ? undefined : `method.request.header.${header}`),
      );
      const ttl = given["authorizerResultTtlInSeconds"];
      if (typeof ttl === "number") authorizer.authorizerResultTtlInSeconds = ttl;
      return [authorizer];
    });
  }

  #gatewayResponses(): GatewayResponse[] {
    return Object.entries(node(this.#document["x-amazon-apigateway-gateway-responses"])).map(([type, given]) => {
      const { statusCode, responseParameters, responseTemplates } = node(given);
      return toGatewayResponse(checkType(type), {
        ...(statusCode === undefined ? {} : { statusCode: text(statusCode) ?? "" }),
        ...(isNode(responseParameters) ? { responseParameters: responseParameters as Record<string, string> } : {}),
        ...(isNode(responseTemplates) ? { responseTemplates: responseTemplates as Record<string, string> } : {}),
      });
    });
  }

  #resources(
    models: readonly RestModel[],
    validators: readonly RequestValidator[],
    authorizers: readonly RestAuthorizer[],
  ): RestResource[] {
    const { settings, resources } = this.#api;
    const keeps = this.#options.mode === "merge";
    const byPath = new Map<string, RestResource>();
    const known = [...resources.values()];
    const root: RestResource = {
      id: settings.rootResourceId,
      pathPart: "",
      methods: keeps ? (resources.get(settings.rootResourceId)?.methods ?? {}) : {},
    };
    byPath.set("", root);
    const resourceAt = (path: string): RestResource => {
      const found = byPath.get(path);
      if (found !== undefined) return found;
      const cut = path.lastIndexOf("/");
      const parent = resourceAt(path.slice(0, cut));
      const pathPart = path.slice(cut + 1);
      // Of what is overwritten a path keeps its id.
      const before = known.find((one) => one.parentId === parent.id && one.pathPart === pathPart);
      const methods = keeps ? (before?.methods ?? {}) : {};
      const made = { id: before?.id ?? this.#id(), parentId: parent.id, pathPart, methods };
      byPath.set(path, made);
      return made;
    };
    const base = basePathOf(this.#document, this.#options.basePath); // I3
    const names = {
      models: new Set([...models.map((one) => one.name), ...(keeps ? this.#api.models.keys() : [])]),
      validators,
      authorizers,
    };
    for (const [path, item] of Object.entries(node(this.#document["paths"]))) {
      const whole = `${base}/${path.replace(/^\/+/, "")}`.replace(/\/+$/, "");
      const resource = resourceAt(whole);
      for (const [key, operation] of Object.entries(node(item))) {
        if (key !== anyMethod) this.#warnOfExtensions({ [key]: operation }, none, `the path ${whole}`);
        const verb = key === anyMethod ? "ANY" : verbs.includes(key) ? key.toUpperCase() : undefined;
        if (verb === undefined || !isNode(operation)) continue;
        const parameters = [...list(node(item)["parameters"]), ...list(operation["parameters"])];
        const method = this.#method(verb, whole, resource.id, operation, parameters, names);
        resource.methods = { ...resource.methods, [verb]: method };
      }
    }
    return [...byPath.values()];
  }

  #method(
    verb: string,
    path: string,
    resourceId: string,
    operation: Node,
    parameters: readonly Node[],
    names: {
      models: ReadonlySet<string>;
      validators: readonly RequestValidator[];
      authorizers: readonly RestAuthorizer[];
    },
  ): RestMethod {
    const method: RestMethod = { httpMethod: verb, apiKeyRequired: false, authorizationType: "NONE" };
    this.#security(method, operation, names.authorizers);
    setMember(method, "operationName", text(operation["operationId"]));
    const validator =
      text(operation["x-amazon-apigateway-request-validator"]) ??
      text(this.#document["x-amazon-apigateway-request-validator"]);
    setMember(method, "requestValidatorId", names.validators.find((one) => one.name === validator)?.id);
    const requestParameters: Record<string, boolean> = {};
    for (const name of parameterNames(path)) requestParameters[`method.request.path.${name}`] = true; // I4
    const places: Readonly<Record<string, string>> = { query: "querystring", header: "header", path: "path" };
    for (const given of parameters) {
      const parameter = resolveReference(this.#document, given);
      const place = places[text(parameter["in"]) ?? ""];
      if (place !== undefined)
        requestParameters[`method.request.${place}.${text(parameter["name"]) ?? ""}`] = parameter["required"] === true;
      if (parameter["in"] === "body")
        this.#requestModel(method, this.#mediaType(operation, "consumes"), parameter["schema"], names.models);
    }
    const content = node(resolveReference(this.#document, node(operation["requestBody"]))["content"]);
    for (const [type, media] of Object.entries(content))
      this.#requestModel(method, type, node(media)["schema"], names.models);
    if (Object.keys(requestParameters).length > 0) method.requestParameters = requestParameters;
    this.#responses(method, operation, names.models);
    this.#warnOfExtensions(operation, operationExtensions, `${verb} ${path}`);
    if (text(node(operation["x-amazon-apigateway-auth"])["type"]) === "AWS_IAM") throw iamRefused();
    const integration = operation["x-amazon-apigateway-integration"];
    if (isNode(integration))
      method.methodIntegration = this.#integration(
        method,
        path,
        resourceId,
        resolveReference(this.#document, integration),
      );
    return method;
  }

  /** Of OpenAPI 2, where a body has one model: JSON where it is among the types that are named, or else the first of them. */
  #mediaType(operation: Node, member: "consumes" | "produces"): string {
    const types = strings(operation[member] ?? this.#document[member]);
    return types.includes("application/json") ? "application/json" : (types[0] ?? "application/json");
  }

  #requestModel(method: RestMethod, type: string, schema: unknown, models: ReadonlySet<string>): void {
    const name = this.#modelOf(schema, models);
    if (name !== undefined) method.requestModels = { ...method.requestModels, [type]: name };
  }

  /** The model that a schema refers to, or one that is made of it. */
  #modelOf(schema: unknown, models: ReadonlySet<string>): string | undefined {
    const given = node(schema);
    const name = /\/(\w+)$/.exec(text(given["$ref"]) ?? "")?.[1];
    if (name !== undefined) return models.has(name) ? name : undefined;
    if (Object.keys(given).length === 0) return undefined;
    const written = JSON.stringify(this.#toSchema(given));
    const made = this.#inlineModels.get(written) ?? {
      id: this.#id(),
      name: `MODEL${this.#id()}`,
      contentType: "application/json",
      schema: written,
    };
    this.#inlineModels.set(written, made);
    return made.name;
  }

  #security(method: RestMethod, operation: Node, authorizers: readonly RestAuthorizer[]): void {
    const schemes = this.#schemes();
    for (const requirement of list(operation["security"] ?? this.#document["security"])) {
      for (const [name, scopes] of Object.entries(requirement)) {
        const authorizer = authorizers.find((one) => one.name === name);
        const scheme = schemes[name] ?? {};
        if (authorizer !== undefined) {
          method.authorizationType = authorizer.type === "COGNITO_USER_POOLS" ? "COGNITO_USER_POOLS" : "CUSTOM";
          method.authorizerId = authorizer.id;
          if (Array.isArray(scopes) && scopes.length > 0 && authorizer.type === "COGNITO_USER_POOLS")
            method.authorizationScopes = scopes.map(String);
        } else if (text(scheme["x-amazon-apigateway-authtype"]) === "awsSigv4") {
          throw iamRefused();
        } else if (text(scheme["name"])?.toLowerCase() === "x-api-key" && scheme["type"] === "apiKey")
          method.apiKeyRequired = true;
      }
    }
  }

  #responses(method: RestMethod, operation: Node, models: ReadonlySet<string>): void {
    const responses: NonNullable<RestMethod["methodResponses"]> = Object.fromEntries(
      Object.entries(node(operation["responses"])).flatMap(([statusCode, given]) => {
        if (!/^[1-5]\d\d$/.test(statusCode)) return [];
        const response = resolveReference(this.#document, node(given));
        const headers = Object.keys(node(response["headers"])).map(
          (name) => [`method.response.header.${name}`, false] as const,
        );
        const bodies = this.#isOpenApi3
          ? Object.entries(node(response["content"])).map(([type, media]) => [type, node(media)["schema"]] as const)
          : response["schema"] === undefined
            ? []
            : [[this.#mediaType(operation, "produces"), response["schema"]] as const];
        const named = bodies.flatMap(([type, schema]) => {
          const name = this.#modelOf(schema, models);
          return name === undefined ? [] : [[type, name] as const];
        });
        return [
          [
            statusCode,
            {
              statusCode,
              ...(headers.length === 0 ? {} : { responseParameters: Object.fromEntries(headers) }),
              ...(named.length === 0 ? {} : { responseModels: Object.fromEntries(named) }),
            },
          ],
        ];
      }),
    );
    if (Object.keys(responses).length > 0) method.methodResponses = responses;
  }

  #integration(method: RestMethod, path: string, resourceId: string, given: Node): RestIntegration {
    const requestParameters: Record<string, string> = {};
    for (const [name, value] of Object.entries(node(given["requestParameters"]))) {
      if (typeof value === "string") requestParameters[name] = value;
      else
        this.warnings.push(
          `Invalid format for 'requestParameters'. Expected type string for property '${name}' of resource '${path}' and method '${method.httpMethod}' but got '${String(value)}'`,
        );
    }
    const tls = node(given["tlsConfig"]);
    const integration = toIntegration(() => method, {
      resourceId,
      type: (text(given["type"]) ?? "").toUpperCase(),
      ...copied(given, ["uri", "credentials", "cacheNamespace"]),
      ...upper(given, ["passthroughBehavior", "contentHandling", "connectionType", "responseTransferMode"]),
      ...(text(given["httpMethod"]) === undefined
        ? {}
        : {
            integrationHttpMethod: (text(given["httpMethod"]) ?? "")
              .toUpperCase()
              .replace("X-AMAZON-APIGATEWAY-ANY-METHOD", "ANY"),
          }),
      ...(Object.keys(requestParameters).length === 0 ? {} : { requestParameters }),
      ...(isNode(given["requestTemplates"])
        ? { requestTemplates: given["requestTemplates"] as Record<string, string> }
        : {}),
      ...(typeof given["timeoutInMillis"] === "number" ? { timeoutInMillis: given["timeoutInMillis"] } : {}),
      ...(Array.isArray(given["cacheKeyParameters"])
        ? { cacheKeyParameters: given["cacheKeyParameters"].map(String) }
        : {}),
      ...(typeof tls["insecureSkipVerification"] === "boolean"
        ? { tlsConfig: { insecureSkipVerification: tls["insecureSkipVerification"] } }
        : {}),
    });
    const responses = Object.entries(node(given["responses"])).map(([pattern, one]) => {
      const { statusCode, responseParameters, responseTemplates, contentHandling } = node(one);
      const status = text(statusCode) ?? "200";
      return [
        status,
        toIntegrationResponse(method, {
          statusCode: status,
          ...(pattern === "default" ? {} : { selectionPattern: pattern }),
          ...(isNode(responseParameters) ? { responseParameters: responseParameters as Record<string, string> } : {}),
          ...(isNode(responseTemplates) ? { responseTemplates: responseTemplates as Record<string, string> } : {}),
          ...(typeof contentHandling === "string" ? { contentHandling: contentHandling.toUpperCase() } : {}),
        }),
      ] as const;
    });
    if (responses.length > 0) integration.integrationResponses = Object.fromEntries(responses);
    return integration;
  }
}
