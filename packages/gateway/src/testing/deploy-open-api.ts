import type { TestGateway } from "./create-test-gateway.ts";

/** Operations by `METHOD /path`, and what else the document says. */
export interface TestDocument {
  operations: Readonly<Record<string, object>>;
  more?: object;
  stage?: object;
}

/** Imports a document with these operations, deploys it to the stage `dev`, and returns the API's id. */
export async function deployOpenApi(
  test: TestGateway,
  { operations, more = {}, stage = {} }: TestDocument,
): Promise<string> {
  const paths: Record<string, Record<string, object>> = {};
  for (const [key, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = key.split(" ");
    const name = method === "ANY" ? "x-amazon-apigateway-any-method" : method.toLowerCase();
    (paths[path] ??= {})[name] = operation;
  }
  const document = { openapi: "3.0.1", info: { title: "Shop", version: "1" }, paths, ...more };
  const { id = "" } = await test.call("apigateway", "ImportRestApi", {
    body: Buffer.from(JSON.stringify(document)),
    failOnWarnings: true,
  });
  await test.call("apigateway", "CreateDeployment", { restApiId: id, stageName: "dev", ...stage });
  return id;
}

/** A mock that answers `body` with `status`; `template` renders both, with the request's template `request`. */
export function mock(template: string, more: { request?: string; responses?: object; status?: string } = {}): object {
  const status = more.status ?? "200";
  return {
    responses: { [status]: { description: "" } },
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": more.request ?? `{"statusCode": ${status}}` },
      responses: more.responses ?? {
        default: { statusCode: status, responseTemplates: { "application/json": template } },
      },
    },
  };
}

/** Patches the stage `dev`. */
export async function patchStage(
  test: TestGateway,
  restApiId: string,
  ...patchOperations: [string, string, string?][]
): Promise<void> {
  await test.call("apigateway", "UpdateStage", {
    restApiId,
    stageName: "dev",
    patchOperations: patchOperations.map(([op, path, value]) => ({
      op,
      path,
      ...(value === undefined ? {} : { value }),
    })),
  });
}
