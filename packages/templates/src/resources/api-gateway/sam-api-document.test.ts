import { describe, expect, it } from "vitest";
import { loadError, planOf } from "../../testing/load-text.ts";

const integrated = (more = ""): string => `{ x-amazon-apigateway-integration: { type: mock }${more} }`;
const paths = `{ /d: { get: ${integrated()}, post: ${integrated(", security: [{ Own: [] }]")}, put: ${integrated(", security: [{ NONE: [] }]")}, delete: ${integrated(", security: [{ api_key_false: [] }]")}, options: ${integrated()}, patch: {}, parameters: [] } }`;
const template = (properties: string): string => `Api:
  Type: AWS::Serverless::Api
  Properties:
    StageName: v1
    ${properties}`;
const guards = `Authorizers: { Guard: { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:G" }, Pool: { UserPoolArn: "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p", AuthorizationScopes: [shop/read], Identity: { Header: Token } }, Asks: { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:G", FunctionPayloadType: REQUEST, Identity: { QueryStrings: [q], ReauthorizeEvery: 0 } } }`;

interface Planned {
  found: { calls: { operation: string; input: Record<string, unknown> }[] }[];
  unsupported: object[];
}
interface Document {
  paths: Record<string, Record<string, { security?: object }>>;
  securityDefinitions?: object;
  components?: { securitySchemes: object };
}
const documentOf = (properties: string): Document => {
  const { found } = planOf(template(properties), "Api") as Planned;
  const put = found[0]?.calls.find((call) => call.operation === "PutRestApi")?.input["body"] as { data: number[] };
  return JSON.parse(Buffer.from(put.data).toString()) as Document;
};
const securityOf = (document: Document): Record<string, object | undefined> => {
  const { parameters: _none, ...operations } = document.paths["/d"] ?? {};
  return Object.fromEntries(Object.entries(operations).map(([method, { security }]) => [method, security]));
};
const swagger = `DefinitionBody: { swagger: "2.0", securityDefinitions: { Own: { type: apiKey, x-amazon-apigateway-authtype: custom }, Guard: { type: basic } }, paths: ${paths} }`;

describe("Auth and Cors beside the DefinitionBody of AWS::Serverless::Api", () => {
  it("becomes security definitions", () => {
    const uri =
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:G/invocations";
    const schemes = {
      Guard: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: uri,
          identitySource: "method.request.header.Authorization",
        },
      },
      Pool: {
        type: "apiKey",
        name: "Token",
        in: "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
          type: "cognito_user_pools",
          providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/p"],
          identitySource: "method.request.header.Token",
        },
      },
      Asks: {
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: uri,
          identitySource: "method.request.querystring.q",
          authorizerResultTtlInSeconds: 0,
        },
      },
    };
    const written = documentOf(`Auth: { ${guards} }\n    ${swagger}`);
    expect(written.securityDefinitions).toEqual({
      Own: { type: "apiKey", "x-amazon-apigateway-authtype": "custom" },
      ...schemes,
    });
    expect(securityOf(written)["get"]).toBeUndefined();
    const third = documentOf(
      `Auth: { ${guards} }\n    DefinitionBody: { openapi: 3.0.1, components: { securitySchemes: { Own: { type: http } } }, paths: {} }`,
    );
    expect(third.components?.securitySchemes).toEqual({ Own: { type: "http" }, ...schemes });
  });

  it.each<[string, Record<string, object | undefined>]>([
    [
      "DefaultAuthorizer: Pool",
      {
        get: [{ Pool: ["shop/read"] }],
        post: [{ Own: [] }],
        put: [{ NONE: [] }],
        delete: [{ api_key_false: [] }, { Pool: ["shop/read"] }],
        options: [{ Pool: ["shop/read"] }],
        patch: undefined,
      },
    ],
    [
      "DefaultAuthorizer: Guard, AddDefaultAuthorizerToCorsPreflight: false, ApiKeyRequired: true",
      {
        get: [{ Guard: [] }, { api_key: [] }],
        post: [{ Own: [] }, { api_key: [] }],
        put: [{ NONE: [] }, { api_key: [] }],
        delete: [{ api_key_false: [] }, { Guard: [] }],
        options: [{ api_key: [] }],
        patch: undefined,
      },
    ],
    [
      "ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false",
      {
        get: [{ api_key: [] }],
        post: [{ Own: [] }, { api_key: [] }],
        put: [{ NONE: [] }, { api_key: [] }],
        delete: [{ api_key_false: [] }],
        options: undefined,
        patch: undefined,
      },
    ],
  ])("guards its operations: %s", (more, expected) => {
    const document = documentOf(`Auth: { ${guards}, ${more} }\n    ${swagger}`);
    expect(securityOf(document)).toEqual(expected);
    expect("api_key" in (document.securityDefinitions ?? {})).toBe(more.includes("ApiKeyRequired"));
  });

  it("refuses what SAM refuses", () => {
    const refused = (properties: string): string =>
      loadError(`Resources:\n  ${template(properties).replaceAll("\n", "\n  ")}`);
    expect(refused(`Auth: { ${guards} }\n    DefinitionUri: template.yaml`)).toBe(
      "SIM_TEMPLATE_INVALID: Auth of Api works only with a document in DefinitionBody, as in SAM: it is not written into the file of DefinitionUri.\n  at template.yaml:6\n  Include the file in DefinitionBody with AWS::Include, or write into the file what it says.",
    );
    expect(refused(`Cors: "'*'"\n    DefinitionUri: template.yaml`)).toContain(
      "Cors of Api works only with a document in DefinitionBody",
    );
    expect(refused(`Auth: { DefaultAuthorizer: Nope }\n    ${swagger}`)).toBe(
      "SIM_TEMPLATE_INVALID: Api has no authorizer Nope.\n  at template.yaml:2\n  Add Nope to Auth.Authorizers.",
    );
  });

  it.each([
    ["{ openapi: 3.0.1, paths: PATHS }", { schema: { type: "string" } }],
    [`{ swagger: "2.0", paths: PATHS }`, { type: "string" }],
  ])("Cors makes OPTIONS of every path of %s that has none, guarded as Auth says", (text, header) => {
    const own =
      "{ /own: { options: {} }, /all: { x-amazon-apigateway-any-method: {} }, /some: { get: {}, post: {}, parameters: [] } }";
    const document = documentOf(
      `Cors: { AllowOrigin: "'https://a'", MaxAge: "'600'" }\n    Auth: { ${guards}, DefaultAuthorizer: Guard }\n    DefinitionBody: ${text.replace("PATHS", own)}`,
    );
    const preflight = (methods: string): object => ({
      "x-amazon-apigateway-integration": {
        type: "mock",
        requestTemplates: { "application/json": '{\n  "statusCode" : 200\n}\n' },
        responses: {
          default: {
            statusCode: "200",
            responseParameters: {
              "method.response.header.Access-Control-Allow-Origin": "'https://a'",
              "method.response.header.Access-Control-Allow-Methods": `'${methods}'`,
              "method.response.header.Access-Control-Max-Age": "'600'",
            },
            responseTemplates: { "application/json": "{}\n" },
          },
        },
      },
      responses: {
        200: {
          description: "Default response for CORS method",
          headers: {
            "Access-Control-Allow-Origin": header,
            "Access-Control-Allow-Methods": header,
            "Access-Control-Max-Age": header,
          },
        },
      },
      security: [{ Guard: [] }],
    });
    expect(Object.entries(document.paths).map(([path, { options }]) => [path, options])).toEqual([
      ["/own", {}],
      ["/all", preflight("DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT")],
      ["/some", preflight("GET,OPTIONS,POST")],
    ]);
  });
});
