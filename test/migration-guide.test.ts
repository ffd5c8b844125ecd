/** The application of docs/guides/from-serverless-offline.md, as the page has it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator } from "tripline";
import { expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const handlers = `
exports.list = async () => ({ statusCode: 200, body: "[]" });
exports.make = async (event) => ({ statusCode: 201, body: event.requestContext.authorizer.principalId });
exports.guard = async (event) => {
  if (event.authorizationToken !== "let me in") throw new Error("Unauthorized");
  return { principalId: "me", policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: event.methodArn }] } };
};`;

it("the template of the guide is an open method, one behind its authorizer, and preflights for both", async () => {
  const page = readFileSync(new URL("../docs/guides/from-serverless-offline.md", import.meta.url), "utf8");
  const [, template = ""] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const { folder, remove } = temporaryFolder();
  writeFileSync(join(folder, "template.yaml"), template.replaceAll("nodejs22.x", "nodejs20.x"));
  writeFileSync(join(folder, "index.js"), handlers);
  const simulator = await createSimulator({ template: folder });
  try {
    const call = async (init: RequestInit): Promise<[number, string]> => {
      const response = await fetch(`${simulator.endpoint ?? ""}/_api/Shop/dev/orders`, init);
      return [response.status, await response.text()];
    };
    expect(await call({})).toEqual([200, "[]"]);
    expect(await call({ method: "POST" })).toEqual([401, '{"message":"Unauthorized"}']);
    expect(await call({ method: "POST", headers: { authorization: "no" } })).toEqual([
      401,
      '{"message":"Unauthorized"}',
    ]);
    expect(await call({ method: "POST", headers: { authorization: "let me in" } })).toEqual([201, "me"]);
    expect((await call({ method: "OPTIONS" }))[0]).toBe(200);
    expect((await call({ method: "DELETE" }))[0]).toBe(403);
  } finally {
    await simulator.stop();
    remove();
  }
});
