/** An issuer of tokens on loopback, as OpenID Connect has them. */
import { createSign, createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** See the module's header. */
export interface TokenIssuer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[];
  /** What is answered in place of a document, by path. */
  readonly answers: Map<string, { status: number; body: string } | "hangs">;
  /** A token; `header` is merged over `{ alg: "RS256", kid }`. */
  sign(claims: object, header?: { alg?: string; kid?: string | undefined }): string;
  /** Signs with a new key from now on, and publishes that one alone. Returns its `kid`. */
  rotate(): string;
}

interface Key {
  kid: string;
  privateKey: KeyObject;
  jwk: object;
}

/** Starts one. */
export async function createTokenIssuer(): Promise<TokenIssuer> {
  let count = 0;
  const newKey = (): Key => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const kid = `key-${(count += 1)}`;
    return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig" } };
  };
  let key = newKey();
  const requests: string[] = [];
  const answers: TokenIssuer["answers"] = new Map();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const answer = answers.get(path);
    if (answer === "hangs") return;
    const documents: Record<string, object> = {
      "/.well-known/openid-configuration": { issuer: url, jwks_uri: `${url}/keys` },
      "/keys": { keys: [key.jwk] },
    };
    const document = documents[path];
    response.statusCode = answer?.status ?? (document === undefined ? 404 : 200);
    response.end(answer?.body ?? JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    answers,
    sign(claims, header = {}) {
      const { alg = "RS256" } = header;
      const input = [{ alg, kid: key.kid, ...header }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      const signature =
        alg === "HS256"
          ? createHmac("sha256", "secret").update(input).digest("base64url")
          : createSign(`RSA-SHA${alg.slice(2)}`)
              .update(input)
              .sign(key.privateKey, "base64url");
      return `${input}.${signature}`;
    },
    rotate() {
      key = newKey();
      return key.kid;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
