/**
 * Whose key a signed request carries. The signature itself is not verified until identities are: any key is a caller of this account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import type { HttpRequest, Scope } from "@tripline/kernel";
import { headerOf } from "../gateway-request.ts";

/** The access key of a request that is signed, by its headers or by its query. Undefined where it is not. */
export function signerOf(request: HttpRequest): string | undefined {
  const header = headerOf(request, "authorization") ?? "";
  if (header.startsWith("AWS4-")) {
    const key = /Credential=([^/,\s]+)\/\d{8}\/[^/,\s]+\/[^/,\s]+\/aws4_request/.exec(header)?.[1];
    return /Signature=[0-9a-f]+/.test(header) ? key : undefined;
  }
  const query = new URLSearchParams(request.target.split("?")[1] ?? "");
  const credential = query.get("X-Amz-Credential");
  return credential === null || !query.has("X-Amz-Signature") ? undefined : credential.split("/")[0];
}

/** `requestContext.authorizer` of an event: the account itself, by this key. */
export function toIamAuthorizer(accessKey: string, { accountId }: Scope): object {
  return {
    iam: {
      accessKey,
      accountId,
      callerId: accountId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: `arn:aws:iam::${accountId}:root`,
      userId: accountId,
    },
  };
}
