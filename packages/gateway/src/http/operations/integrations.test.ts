import { describe, expect, it } from "vitest";
import { createTestGateway, functionArn } from "../../testing/create-test-gateway.ts";

const service = "apigatewayv2";
const toFunction = { IntegrationType: "AWS_PROXY", IntegrationUri: functionArn, PayloadFormatVersion: "2.0" };
const toUrl = {
  IntegrationType: "HTTP_PROXY",
  IntegrationUri: "https://a.example/{proxy}",
  IntegrationMethod: "ANY",
  PayloadFormatVersion: "1.0",
};
const parameters = { QueueUrl: "http://127.0.0.1:4566/000000000000/Orders", MessageBody: "$request.body" };
const toQueue = {
  IntegrationType: "AWS_PROXY",
  IntegrationSubtype: "SQS-SendMessage",
  PayloadFormatVersion: "1.0",
  CredentialsArn: "arn:aws:iam::000000000000:role/caller",
  RequestParameters: parameters,
};
const invalid = (fault: string): string =>
  `BadRequestException 400: Invalid selection expression specified: Validation Result: warnings : [], errors : [${fault}]`;

async function withApi() {
  const test = await createTestGateway(() => ({ value: "ok" }));
  const { ApiId = "" } = await test.call(service, "CreateApi", { Name: "Shop", ProtocolType: "HTTP" });
  return { test, ApiId };
}

describe("integrations of HTTP APIs", () => {
  it("with a URL are answered with all that they were given, and changed member by member", async () => {
    const { test, ApiId } = await withApi();
    const made = await test.call(service, "CreateIntegration", {
      ApiId,
      ...toUrl,
      ConnectionType: "INTERNET",
      TimeoutInMillis: 50,
      Description: "one",
    });
    const { IntegrationId } = made;
    const whole = { ...toUrl, ConnectionType: "INTERNET", TimeoutInMillis: 50, Description: "one", IntegrationId };
    expect(made).toEqual(whole);
    const change = { IntegrationMethod: "PUT", IntegrationUri: "http://b.example", Description: "two" };
    expect(await test.call(service, "UpdateIntegration", { ApiId, IntegrationId, ...change })).toEqual({
      ...whole,
      ...change,
    });
    const CredentialsArn = "arn:aws:iam::000000000000:role/caller";
    expect(
      await test.call(service, "UpdateIntegration", { ApiId, IntegrationId, ...toFunction, CredentialsArn }),
    ).toEqual({ ...whole, ...toFunction, IntegrationMethod: "POST", Description: "two", CredentialsArn });
  });

  it("with a service are answered without URI and method; parameters that are given replace those that were there", async () => {
    const { test, ApiId } = await withApi();
    const { IntegrationId, ...made } = await test.call(service, "CreateIntegration", { ApiId, ...toQueue });
    expect(made).toEqual({ ...toQueue, ConnectionType: "INTERNET", TimeoutInMillis: 30_000 });
    const one = { ApiId, IntegrationId };
    const RequestParameters = { QueueUrl: "q", MessageBody: "$request.body", DelaySeconds: "1" };
    await test.call(service, "UpdateIntegration", { ...one, RequestParameters });
    expect(await test.call(service, "UpdateIntegration", { ...one, Description: "two" })).toMatchObject({
      RequestParameters,
      Description: "two",
    });
    const IntegrationSubtype = "SQS-SendMessage";
    expect(await test.errorOf(service, "UpdateIntegration", { ...one, IntegrationSubtype })).toBe(
      "BadRequestException 400: Invalid selection expression specified: Validation Result: warnings : [], errors : [Missing required parameter QueueUrl of SQS-SendMessage]",
    );
    expect(await test.call(service, "UpdateIntegration", { ...one, ...toFunction, RequestParameters: {} })).toEqual({
      ...toFunction,
      IntegrationId,
      IntegrationMethod: "POST",
      ConnectionType: "INTERNET",
      TimeoutInMillis: 30_000,
      CredentialsArn: toQueue.CredentialsArn,
      Description: "two",
    });
  });

  it.each<[object, string]>([
    [
      { ...toQueue, CredentialsArn: undefined },
      "BadRequestException 400: CredentialsArn must be specified for integrations with AWS services",
    ],
    [
      { ...toQueue, IntegrationSubtype: "SQS-Send" },
      "BadRequestException 400: Invalid integration subtype specified: SQS-Send",
    ],
    [{ ...toQueue, IntegrationUri: functionArn }, "BadRequestException 400: Invalid integration URI specified"],
    [
      { ...toUrl, IntegrationSubtype: "SQS-SendMessage" },
      "BadRequestException 400: IntegrationSubtype is for integrations of the type AWS_PROXY",
    ],
    [
      { ...toQueue, PayloadFormatVersion: "2.0" },
      "BadRequestException 400: PayloadFormatVersion 2.0 is for Lambda integrations only: use 1.0",
    ],
    ...["EventBridge-PutEvents", "StepFunctions-StartExecution", "AppConfig-GetConfiguration"].map(
      (subtype): [object, string] => [
        { ...toQueue, IntegrationSubtype: subtype },
        `NotImplemented 501: Tripline does not simulate the integration subtype ${subtype}.`,
      ],
    ),
    [
      { ...toQueue, RequestParameters: { ...parameters, Region: "eu-west-1" } },
      "NotImplemented 501: Tripline does not simulate SQS-SendMessage in eu-west-1: leave Region out, or set it to us-east-1, the one region that there is.",
    ],
    [
      { ...toQueue, RequestParameters: { QueueUrl: "q" } },
      invalid("Missing required parameter MessageBody of SQS-SendMessage"),
    ],
    [
      { ...toQueue, RequestParameters: { ...parameters, Colour: "red" } },
      invalid("Invalid destination: Colour specified for SQS-SendMessage"),
    ],
    [
      { ...toQueue, RequestParameters: { ...parameters, DelaySeconds: "" } },
      invalid("Mapping expression missing source or destination"),
    ],
    [
      { ...toQueue, RequestParameters: { ...parameters, MessageAttributes: '{"a":{"DataType":"String"}}' } },
      invalid('Invalid source: {"a":{"DataType":"String"}} specified for destination: MessageAttributes'),
    ],
    [
      { ...toQueue, RequestParameters: { ...parameters, MessageBody: "$response.body" } },
      invalid("Invalid source: $response.body specified for destination: MessageBody"),
    ],
    [
      { ...toUrl, IntegrationType: "HTTP" },
      "BadRequestException 400: Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)",
    ],
    [{ ...toUrl, IntegrationUri: "a.example" }, "BadRequestException 400: Invalid integration URI specified"],
    [{ ...toUrl, IntegrationUri: functionArn }, "BadRequestException 400: Invalid integration URI specified"],
    [
      { ...toFunction, IntegrationUri: "https://a.example" },
      "BadRequestException 400: Invalid integration URI specified",
    ],
    [{ ...toUrl, IntegrationMethod: "FETCH" }, "BadRequestException 400: Invalid HTTP method specified"],
    [
      { ...toUrl, IntegrationMethod: undefined },
      "BadRequestException 400: IntegrationMethod must be specified for HTTP_PROXY integrations",
    ],
    [
      { ...toUrl, PayloadFormatVersion: "2.0" },
      "BadRequestException 400: PayloadFormatVersion 2.0 is for Lambda integrations only: use 1.0",
    ],
    [{ ...toUrl, TimeoutInMillis: 49 }, "BadRequestException 400: Timeout should be between 50 ms and 30000 ms"],
    [{ ...toUrl, ConnectionType: "CABLE" }, "BadRequestException 400: Invalid connection type specified"],
    [
      { ...toUrl, ConnectionType: "VPC_LINK" },
      "NotImplemented 501: Tripline does not simulate private integrations (ConnectionType VPC_LINK).",
    ],
    [
      { ...toUrl, IntegrationUri: "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/b/c" },
      "NotImplemented 501: Tripline does not simulate private integrations (load balancers and Cloud Map services).",
    ],
    [
      { ...toFunction, CredentialsArn: "arn:aws:iam::*:user/*" },
      "NotImplemented 501: Tripline does not simulate calls in the caller's own name (CredentialsArn).",
    ],
    [{ ...toFunction, CredentialsArn: "me" }, "BadRequestException 400: Invalid credentials ARN specified"],
    [
      { ...toUrl, RequestParameters: { "append:header.a": "" } },
      "BadRequestException 400: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Mapping expression missing source or destination]",
    ],
  ])("%j is refused", async (input, error) => {
    const { test, ApiId } = await withApi();
    expect(await test.errorOf(service, "CreateIntegration", { ApiId, ...input })).toBe(error);
  });
});

describe("integration responses of HTTP APIs", () => {
  it("are none, and none can be made", async () => {
    const { test, ApiId } = await withApi();
    const { IntegrationId } = await test.call(service, "CreateIntegration", { ApiId, ...toUrl });
    const one = { ApiId, IntegrationId };
    expect(await test.errorOf(service, "CreateIntegrationResponse", { ...one, IntegrationResponseKey: "/200/" })).toBe(
      "BadRequestException 400: Integration response /200/ cannot be made: integration responses are supported for WebSocket APIs only",
    );
    expect(await test.call(service, "GetIntegrationResponses", one)).toEqual({ Items: [] });
    for (const operation of ["Get", "Update", "Delete"])
      expect(
        await test.errorOf(service, `${operation}IntegrationResponse`, { ...one, IntegrationResponseId: "r" }),
      ).toBe("NotFoundException 404: Unable to find Integration Response by integration response id r");
    expect(await test.errorOf(service, "GetIntegrationResponses", { ApiId, IntegrationId: "none" })).toBe(
      "NotFoundException 404: Unable to find Integration by integration id none",
    );
  });
});
