import { readProperties } from "../../shapes/collections.ts";
import { integer, text } from "../../shapes/scalars.ts";
import { each, optional, type PropertyTable, required, unsupported } from "../../shapes/shape.ts";
import { eventAuth } from "../api-gateway/sam-api-auth.ts";
import { requestModel, requestParameters } from "../api-gateway/sam-api-request.ts";
import { reasons } from "../reasons.ts";
import { addRouteTo } from "./add-route.ts";
import type { EventType } from "./event-type.ts";
import { httpMethod } from "./http-method.ts";

const properties = {
  RestApiId: optional(text("!Ref ShopApi")),
  Path: required(text("/orders")),
  Method: required(httpMethod),
  TimeoutInMillis: optional(integer("29000")),
  Auth: optional(eventAuth),
  RequestModel: optional(requestModel),
  RequestParameters: optional(requestParameters),
  ...each(["ResponseTransferMode"], unsupported(reasons.notYet)),
} satisfies PropertyTable;

/** A method of a REST API. Without RestApiId it belongs to `ServerlessRestApi`. */
export const apiEvent: EventType = {
  type: "Api",
  properties,
  plan(event, context) {
    const given = readProperties(event.properties, properties, event.path, context.read);
    return addRouteTo(context, event, {
      types: ["AWS::Serverless::Api"],
      implicit: "ServerlessRestApi",
      property: "RestApiId",
      apiId: given.RestApiId,
      method: given.Method,
      path: given.Path,
      payloadFormatVersion: "1.0",
      timeoutMs: given.TimeoutInMillis,
      auth: given.Auth,
      request:
        given.RequestModel === undefined && given.RequestParameters === undefined
          ? undefined
          : {
              ...(given.RequestModel === undefined ? {} : { model: given.RequestModel }),
              parameters: (given.RequestParameters ?? []).flat(),
            },
    });
  },
};
