/**
 * A deployed definition as an OpenAPI 2 or 3 document. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html
 *
 * Extensions are what is asked for: `integrations`, `authorizers`, `validators`, `documentation`, or `apigateway` for all; without them the document is plain OpenAPI.
 */
import type { DocumentationVersion } from "../definition/documentation.ts";
import {
  type IntegrationResponse,
  pathOfResource,
  type RestAuthorizer,
  type RestDefinition,
  type RestIntegration,
  type RestMethod,
} from "../definition/rest-api.ts";

type Node = Record<string, unknown>;

/** What to export. */
export interface ExportOptions {
  type: "swagger" | "oas30";
  extensions: ReadonlySet<string>;
  stageName: string;
  /** The version that the stage has. */
  documentation: DocumentationVersion | undefined;
  /** Without scheme: `abc.execute-api.us-east-1.amazonaws.com`. */
  host: string;
}

/** The document. */
export function toOpenApi(definition: RestDefinition, options: ExportOptions): Node {
  const { settings } = definition;
  const isOpenApi3 = options.type === "oas30";
  const has = (extension: string): boolean => options.extensions.has(extension) || options.extensions.has("apigateway");
  const schemas = Object.fromEntries(
    Object.values(definition.models).map((model) => [model.name, toSchema(model.schema ?? "{}", isOpenApi3)]),
  );
  const schemes = securitySchemes(definition, has("authorizers"));
  const validators = Object.values(definition.validators);
  return {
    ...(isOpenApi3 ? { openapi: "3.0.1" } : { swagger: "2.0" }),
    info: {
      title: settings.name,
      ...(settings.description === undefined ? {} : { description: settings.description }),
      version: settings.version ?? new Date(settings.createdAtMs).toISOString().replace(/\.\d+Z$/, "Z"),
    },
    ...(isOpenApi3
      ? {
          servers: [
            {
              url: `https://${options.host}/{basePath}`,
              variables: { basePath: { default: `/${options.stageName}` } },
            },
          ],
        }
      : { host: options.host, basePath: `/${options.stageName}`, schemes: ["https"] }),
    paths: toPaths(definition, isOpenApi3, has),
    ...(isOpenApi3
      ? {
          components: {
            ...(Object.keys(schemas).length === 0 ? {} : { schemas }),
            ...(Object.keys(schemes).length === 0 ? {} : { securitySchemes: schemes }),
          },
        }
      : {
          ...(Object.keys(schemes).length === 0 ? {} : { securityDefinitions: schemes }),
          ...(Object.keys(schemas).length === 0 ? {} : { definitions: schemas }),
        }),
    ...(has("validators") && validators.length > 0
      ? {
          "x-amazon-apigateway-request-validators": Object.fromEntries(
            validators.map(({ name, validateRequestBody, validateRequestParameters }) => [
              name,
              { validateRequestParameters, validateRequestBody },
            ]),
          ),
        }
      : {}),
    ...(options.documentation !== undefined && has("documentation")
      ? { "x-amazon-apigateway-documentation": toDocumentationNode(options.documentation) }
      : {}),
    ...(options.extensions.has("apigateway") ? apiExtensions(definition) : {}),
  };
}

function toDocumentationNode({ version, createdAtMs, description, parts }: DocumentationVersion): Node {
  return {
    version,
    createdDate: new Date(createdAtMs).toISOString().replace(/\.\d+Z$/, "Z"),
    ...(description === undefined ? {} : { description }),
    documentationParts: parts.map(({ location, properties }) => ({
      location,
      properties: JSON.parse(properties) as unknown,
    })),
  };
}

function apiExtensions({ settings, gatewayResponses }: RestDefinition): Node {
  const responses = Object.values(gatewayResponses);
  return {
    ...(settings.binaryMediaTypes.length === 0
      ? {}
      : { "x-amazon-apigateway-binary-media-types": settings.binaryMediaTypes }),
    ...(settings.minimumCompressionSize === undefined
      ? {}
      : { "x-amazon-apigateway-minimum-compression-size": settings.minimumCompressionSize }),
    ...(settings.apiKeySource === "HEADER" ? {} : { "x-amazon-apigateway-api-key-source": settings.apiKeySource }),
    ...(settings.policy === undefined ? {} : { "x-amazon-apigateway-policy": JSON.parse(settings.policy) as unknown }),
    ...(responses.length === 0
      ? {}
      : {
          "x-amazon-apigateway-gateway-responses": Object.fromEntries(
            responses.map(({ responseType, ...one }) => [responseType, one]),
          ),
        }),
  };
}

function toSchema(schema: string, isOpenApi3: boolean): unknown {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, one]) => {
        if (key === "$schema") return [];
        const name = key === "$ref" ? /\/models\/(\w+)$/.exec(String(one))?.[1] : undefined;
        return [[key, name === undefined ? walk(one) : reference(name, isOpenApi3)]];
      }),
    );
  };
  return walk(JSON.parse(schema));
}

function reference(name: string, isOpenApi3: boolean): string {
  return `#/${isOpenApi3 ? "components/schemas" : "definitions"}/${name}`;
}

function securitySchemes({ authorizers, resources }: RestDefinition, withAuthorizers: boolean): Node {
  const schemes: Node = {};
  for (const authorizer of Object.values(authorizers)) schemes[authorizer.name] = toScheme(authorizer, withAuthorizers);
  const needsKey = Object.values(resources).some(({ methods }) =>
    Object.values(methods).some((method) => method.apiKeyRequired),
  );
  if (needsKey) schemes["api_key"] = { type: "apiKey", name: "x-api-key", in: "header" };
  return schemes;
}

function toScheme(authorizer: RestAuthorizer, withAuthorizer: boolean): Node {
  const { id: _id, name: _name, type, authType, ...rest } = authorizer;
  const header = /^method\.request\.header\.([^,]+)$/.exec(authorizer.identitySource ?? "")?.[1];
  return {
    type: "apiKey",
    name: header ?? "Unused",
    in: "header",
    "x-amazon-apigateway-authtype": authType,
    ...(withAuthorizer ? { "x-amazon-apigateway-authorizer": { ...rest, type: type.toLowerCase() } } : {}),
  };
}

function toPaths(definition: RestDefinition, isOpenApi3: boolean, has: (extension: string) => boolean): Node {
  const paths: [string, Node][] = [];
  for (const { id, methods } of Object.values(definition.resources)) {
    const operations = Object.values(methods).map((method) => [
      method.httpMethod === "ANY" ? "x-amazon-apigateway-any-method" : method.httpMethod.toLowerCase(),
      toOperation(definition, method, isOpenApi3, has),
    ]);
    if (operations.length > 0)
      paths.push([pathOfResource((one) => definition.resources[one], id), Object.fromEntries(operations) as Node]);
  }
  return Object.fromEntries(paths.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toOperation(
  definition: RestDefinition,
  method: RestMethod,
  isOpenApi3: boolean,
  has: (extension: string) => boolean,
): Node {
  const { operationName, requestParameters = {}, requestModels = {}, authorizerId, requestValidatorId } = method;
  const places: Readonly<Record<string, string>> = { querystring: "query", header: "header", path: "path" };
  const parameters: Node[] = Object.entries(requestParameters).map(([expression, required]) => {
    const [, , place = "", ...name] = expression.split(".");
    const type = isOpenApi3 ? { schema: { type: "string" } } : { type: "string" };
    return { name: name.join("."), in: places[place] ?? place, required, ...type };
  });
  const models = Object.entries(requestModels);
  const [body] = models;
  if (!isOpenApi3 && body !== undefined)
    parameters.push({ in: "body", name: body[1], required: true, schema: { $ref: reference(body[1], false) } });
  const authorizer = authorizerId === undefined ? undefined : definition.authorizers[authorizerId];
  const security = [
    ...(authorizer === undefined ? [] : [{ [authorizer.name]: method.authorizationScopes ?? [] }]),
    ...(method.apiKeyRequired ? [{ api_key: [] }] : []),
  ];
  const validator = requestValidatorId === undefined ? undefined : definition.validators[requestValidatorId];
  const content = (named: readonly [string, string][]): Node =>
    Object.fromEntries(named.map(([type, name]) => [type, { schema: { $ref: reference(name, true) } }]));
  return {
    ...(operationName === undefined ? {} : { operationId: operationName }),
    ...(isOpenApi3 ? {} : { produces: ["application/json"] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(isOpenApi3 && models.length > 0 ? { requestBody: { content: content(models), required: true } } : {}),
    responses: Object.fromEntries(
      Object.values(method.methodResponses ?? {}).map(
        ({ statusCode, responseParameters = {}, responseModels = {} }) => {
          const headers = Object.keys(responseParameters).map(
            (name) =>
              [
                name.slice("method.response.header.".length),
                isOpenApi3 ? { schema: { type: "string" } } : { type: "string" },
              ] as const,
          );
          const named = Object.entries(responseModels);
          const [first] = named;
          return [
            statusCode,
            {
              description: `${statusCode} response`,
              ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
              ...(isOpenApi3
                ? { content: content(named) }
                : first === undefined
                  ? {}
                  : { schema: { $ref: reference(first[1], false) } }),
            },
          ];
        },
      ),
    ),
    // Each is required: they are one requirement, as AWS writes them apart.
    ...(security.length === 0 ? {} : { security }),
    ...(validator !== undefined && has("validators")
      ? { "x-amazon-apigateway-request-validator": validator.name }
      : {}),
    ...(method.methodIntegration !== undefined && has("integrations")
      ? { "x-amazon-apigateway-integration": toIntegrationNode(method.methodIntegration) }
      : {}),
  };
}

function toIntegrationNode(integration: RestIntegration): Node {
  const {
    type,
    passthroughBehavior,
    integrationResponses,
    cacheKeyParameters,
    cacheNamespace: _namespace,
    connectionType: _connection,
    ...rest
  } = integration;
  const responses = Object.values(integrationResponses ?? {});
  return {
    ...rest,
    type: type.toLowerCase(),
    passthroughBehavior: passthroughBehavior.toLowerCase(),
    ...(cacheKeyParameters.length === 0 ? {} : { cacheKeyParameters }),
    ...(responses.length === 0
      ? {}
      : {
          responses: Object.fromEntries(
            responses.map((one) => [
              one.selectionPattern === undefined || one.selectionPattern === "" ? "default" : one.selectionPattern,
              toResponseNode(one),
            ]),
          ),
        }),
  };
}

function toResponseNode({ selectionPattern: _pattern, ...rest }: IntegrationResponse): Node {
  return rest;
}
