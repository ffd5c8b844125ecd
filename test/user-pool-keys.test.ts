/** Keys of Cognito user pools that are given: by a file, or by the URL of a local pool. */
import { createSign, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const { folder, remove } = temporaryFolder();
let simulator: Simulator;
let server: Server;

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256" }] });

function token(pool: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = { sub: "me", token_use: "id", iss: `http://localhost:9229/${pool}`, exp: 4_102_444_800 };
  const signed = `${encode({ alg: "RS256", kid: "k" })}.${encode(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url")}`;
}

const ref = (name: string): object => ({ Ref: name });
const arn = (pool: string): string => `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${pool}`;
const authorizers = { Filed: { UserPoolArn: arn("local_file") }, Served: { UserPoolArn: arn("local_url") } };
const event = (Path: string, Authorizer: string): object => ({
  Type: "Api",
  Properties: { RestApiId: ref("Api"), Path, Method: "get", Auth: { Authorizer } },
});
const resources = {
  Api: {
    Type: "AWS::Serverless::Api",
    Properties: { Name: "api", StageName: "v1", Auth: { Authorizers: authorizers } },
  },
  Who: {
    Type: "AWS::Serverless::Function",
    Properties: {
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      InlineCode:
        "exports.handler = async (event) => ({ statusCode: 200, body: event.requestContext.authorizer.claims.sub });",
      Events: { File: event("/file", "Filed"), Url: event("/url", "Served") },
    },
  },
};

beforeAll(async () => {
  const file = join(folder, "jwks.json");
  writeFileSync(file, keys);
  server = createServer((_request, response) => response.end(keys));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/local_url/.well-known/jwks.json`;
  simulator = await createSimulator({ resources, userPoolKeys: { local_file: file, local_url: url } });
});
afterAll(async () => {
  await simulator.stop();
  server.close();
  remove();
});

it("tokens of local pools are verified with the keys that were given for each", async () => {
  const get = async (path: string, authorization: string): Promise<[number, string]> => {
    const response = await fetch(`${simulator.endpoint ?? ""}/_api/api/v1${path}`, { headers: { authorization } });
    return [response.status, await response.text()];
  };
  expect(await get("/file", token("local_file"))).toEqual([200, "me"]);
  expect(await get("/url", `Bearer ${token("local_url")}`)).toEqual([200, "me"]);
  expect(await get("/file", token("local_url"))).toEqual([401, '{"message":"Unauthorized"}']);
});
