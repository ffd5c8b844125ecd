import { functionUri, type TestGateway } from "./create-test-gateway.ts";

/** Makes an authorizer of an HTTP API that all its routes have, with these scopes, and returns its id. */
export async function withAuthorizer(
  test: TestGateway,
  ApiId: string,
  settings: { AuthorizerType: "JWT" | "REQUEST" } & Record<string, unknown>,
  AuthorizationScopes: readonly string[] = [],
): Promise<string> {
  const isJwt = settings.AuthorizerType === "JWT";
  const { AuthorizerId = "" } = await test.call("apigatewayv2", "CreateAuthorizer", {
    ApiId,
    Name: "Who",
    IdentitySource: ["$request.header.Authorization"],
    ...(isJwt ? {} : { AuthorizerUri: functionUri, AuthorizerPayloadFormatVersion: "2.0" }),
    ...settings,
  });
  const { Items } = await test.call<{ Items: { RouteId: string }[] }>("apigatewayv2", "GetRoutes", { ApiId });
  for (const { RouteId } of Items)
    await test.call("apigatewayv2", "UpdateRoute", {
      ApiId,
      RouteId,
      AuthorizerId,
      AuthorizationType: isJwt ? "JWT" : "CUSTOM",
      AuthorizationScopes,
    });
  return AuthorizerId;
}
