/** Documentation parts and versions: by the API, and in and out of documents. */
import { describe, expect, it } from "vitest";
import { createTestGateway, type TestGateway } from "../../testing/create-test-gateway.ts";
import { deployOpenApi, mock, patchStage } from "../../testing/deploy-open-api.ts";

type Call = (operation: string, input?: object) => Promise<Record<string, unknown>>;
type Fails = (operation: string, input?: object) => Promise<string>;

async function newApi(more: object = {}): Promise<{ test: TestGateway; id: string; call: Call; fails: Fails }> {
  const test = await createTestGateway(() => ({ value: {} }));
  const restApiId = await deployOpenApi(test, { operations: { "GET /": mock("{}") }, more });
  return {
    test,
    id: restApiId,
    call: (operation, input = {}) => test.call("apigateway", operation, { restApiId, ...input }),
    fails: (operation, input = {}) => test.errorOf("apigateway", operation, { restApiId, ...input }),
  };
}

const replace = (path: string, value: string): object[] => [{ op: "replace", path, value }];

describe("documentation parts", () => {
  it("are made, listed by type, edited and deleted", async () => {
    const { call, fails } = await newApi();
    const properties = '{"description":"A shop"}';
    const part = await call("CreateDocumentationPart", { location: { type: "API" }, properties });
    expect(part).toEqual({ id: expect.any(String) as string, location: { type: "API" }, properties });
    const method = { location: { type: "METHOD", method: "GET" }, properties: "{}" };
    expect(await call("CreateDocumentationPart", method)).toMatchObject({
      location: { type: "METHOD", path: "/", method: "GET" },
    });
    expect(await fails("CreateDocumentationPart", method)).toBe(
      "ConflictException 409: Documentation part already exists for the specified location: type 'METHOD', path '/', method 'GET'.",
    );
    expect(await call("GetDocumentationParts", { type: "API" })).toEqual({ items: [part] });
    expect(((await call("GetDocumentationParts", { path: "/" })) as { items: object[] }).items).toHaveLength(1);
    const documentationPartId = part["id"];
    const update = { documentationPartId, patchOperations: replace("/properties", '{"description":"New"}') };
    expect(await call("UpdateDocumentationPart", update)).toEqual({ ...part, properties: '{"description":"New"}' });
    expect(
      await fails("UpdateDocumentationPart", { documentationPartId, patchOperations: replace("/invalidPath", "x") }),
    ).toBe(
      "BadRequestException 400: Invalid patch path  '/invalidPath' specified for op 'replace'. Must be one of: [/properties]",
    );
    expect(await call("DeleteDocumentationPart", { documentationPartId })).toEqual({});
    expect(await fails("DeleteDocumentationPart", { documentationPartId })).toBe(
      "NotFoundException 404: Invalid Documentation part identifier specified",
    );
    expect(await fails("GetDocumentationPart", { restApiId: "nope", documentationPartId })).toBe(
      "NotFoundException 404: Invalid Documentation part identifier specified",
    );
    expect(await fails("DeleteDocumentationPart", { restApiId: "nope", documentationPartId })).toBe(
      "NotFoundException 404: Invalid API identifier specified 000000000000:nope",
    );
  });

  it.each([
    [{ type: "MODEL" }, "{}", "Location of type MODEL must have a name"],
    [{ type: "API", path: "/" }, "{}", "Location of type API cannot have a path"],
    [{ type: "API" }, "text", "Documentation part properties must be a valid JSON object"],
  ])("of %j with %s are refused", async (location, properties, message) => {
    const { fails } = await newApi();
    expect(await fails("CreateDocumentationPart", { location, properties })).toBe(
      `BadRequestException 400: ${message}`,
    );
  });
});

const documentation = {
  version: "1.0.3",
  documentationParts: [
    { location: { type: "API" }, properties: { description: "A shop" } },
    { location: { type: "RESPONSE", method: "GET", statusCode: "200" }, properties: { description: "ok" } },
  ],
};

describe("documents", () => {
  it("have documentation, which is imported with an API, by itself, or not at all", async () => {
    const { test, call, fails, id } = await newApi({ "x-amazon-apigateway-documentation": documentation });
    const { items } = (await call("GetDocumentationParts")) as { items: { id: string; location: object }[] };
    expect(items.map(({ location }) => location)).toEqual([
      { type: "API" },
      { type: "RESPONSE", path: "/", method: "GET", statusCode: "200" },
    ]);
    const document = { openapi: "3.0.1", info: {}, "x-amazon-apigateway-documentation": documentation };
    const body = Buffer.from(JSON.stringify(document));
    expect(await call("ImportDocumentationParts", { mode: "merge", body })).toEqual({
      ids: items.map((one) => one.id),
    });
    const { ids } = (await call("ImportDocumentationParts", { mode: "overwrite", body })) as { ids: string[] };
    expect(ids).toHaveLength(2);
    expect(await fails("ImportDocumentationParts", { body: Buffer.from("{") })).toBe(
      "BadRequestException 400: Unable to build importer with provided input.",
    );
    const whole = { ...document, info: { title: "t", version: "1" }, paths: {} };
    const { id: other } = await test.call("apigateway", "ImportRestApi", {
      body: Buffer.from(JSON.stringify(whole)),
      parameters: { ignore: "documentation" },
    });
    expect(other).not.toBe(id);
    expect(await call("GetDocumentationParts", { restApiId: other })).toEqual({ items: [] });
  });

  it("are exported with the version that the stage has: parts as they were when it was made", async () => {
    const { test, call, fails, id } = await newApi({ "x-amazon-apigateway-documentation": documentation });
    const version = { documentationVersion: "v1", description: "first" };
    const made = { version: "v1", description: "first", createdDate: new Date(test.clock.now()) };
    expect(await call("CreateDocumentationVersion", { ...version, stageName: "dev" })).toEqual(made);
    expect(await fails("CreateDocumentationVersion", version)).toBe(
      "ConflictException 409: Documentation version already exists.",
    );
    expect(await call("GetDocumentationVersions")).toEqual({ items: [made] });
    const { items } = (await call("GetDocumentationParts")) as { items: { id: string }[] };
    await call("DeleteDocumentationPart", { documentationPartId: items[0]?.id });
    const exported = await call("GetExport", {
      stageName: "dev",
      exportType: "oas30",
      parameters: { extensions: "documentation" },
    });
    const text = Buffer.from(exported["body"] as Uint8Array).toString();
    expect((JSON.parse(text) as Record<string, unknown>)["x-amazon-apigateway-documentation"]).toEqual({
      version: "v1",
      createdDate: "2020-03-12T19:03:58Z",
      description: "first",
      documentationParts: [
        { location: { type: "API" }, properties: { description: "A shop" } },
        {
          location: { type: "RESPONSE", path: "/", method: "GET", statusCode: "200" },
          properties: { description: "ok" },
        },
      ],
    });
    expect(await call("GetStage", { stageName: "dev" })).toMatchObject({ documentationVersion: "v1" });
    expect(await fails("DeleteDocumentationVersion", version)).toContain("BadRequestException 400");
    const patched = { documentationVersion: "v1", patchOperations: replace("/description", "new") };
    expect(await call("UpdateDocumentationVersion", patched)).toEqual({ ...made, description: "new" });
    expect(
      await fails("UpdateStage", { stageName: "dev", patchOperations: replace("/documentationVersion", "v2") }),
    ).toBe("BadRequestException 400: Invalid Documentation version specified");
    await patchStage(test, id, ["replace", "/documentationVersion", ""]);
    expect(await call("DeleteDocumentationVersion", version)).toEqual({});
    expect(await fails("GetDocumentationVersion", version)).toBe(
      "NotFoundException 404: Invalid Documentation version specified",
    );
  });
});
