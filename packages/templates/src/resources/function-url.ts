/** AWS::Lambda::Url; SAM's FunctionUrlConfig makes one as well, with the permissions that let everyone in. */
import { type FunctionUrlCors, parseArn, type Scope, toFunctionUrlId } from "@tripline/kernel";
import { list, object, readProperties } from "../shapes/collections.ts";
import { boolean, choice, integer, text } from "../shapes/scalars.ts";
import {
  type HonouredProperty,
  optional,
  type Properties,
  type PropertyTable,
  required,
  type Shape,
} from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { lambda } from "./function-settings.ts";
import { planImplicitPermission } from "./permission.ts";
import { type Identity, type PlanContext, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

/** What both have. */
interface UrlSettings {
  AuthType: HonouredProperty<"NONE" | "AWS_IAM", true>;
  Cors: HonouredProperty<FunctionUrlCors, false>;
  InvokeMode: HonouredProperty<"BUFFERED" | "RESPONSE_STREAM", false>;
}

const urlSettings: UrlSettings = {
  AuthType: required(choice("NONE", "AWS_IAM")),
  Cors: optional(
    object({
      AllowCredentials: optional(boolean()),
      AllowHeaders: optional(list(text("content-type"))),
      AllowMethods: optional(list(text("GET"))),
      AllowOrigins: optional(list(text(`"*"`))),
      ExposeHeaders: optional(list(text("etag"))),
      MaxAge: optional(integer("300")),
    }),
  ),
  InvokeMode: optional(choice("BUFFERED", "RESPONSE_STREAM")),
};

/** SAM's `FunctionUrlConfig`. */
export const functionUrlConfig: Shape<Properties<UrlSettings>> = object({ ...urlSettings });

const properties = {
  TargetFunctionArn: required(text("!GetAtt Orders.Arn")),
  Qualifier: optional(text("live")),
  ...urlSettings,
} satisfies PropertyTable;

/** `Ref` is the function's ARN. */
export const functionUrl: ResourceType = {
  type: "AWS::Lambda::Url",
  properties,
  identify({ scope, property }) {
    return identifyFunctionUrl(scope, property("TargetFunctionArn") ?? "", property("Qualifier"));
  },
  plan(context) {
    const given = readProperties(context.definition.properties, properties, "", context.read);
    const { TargetFunctionArn: FunctionName, ...settings } = given;
    const reason = context.whyNotCallable(FunctionName);
    if (reason !== undefined) {
      context.skip(reason, "TargetFunctionArn", placeOfProperty(context.definition, "TargetFunctionArn"));
      return [];
    }
    return [planned(context, planUrl({ FunctionName, ...settings }))];
  },
};

/** What `Ref` and `Fn::GetAtt` of a URL give. `target`: a name or an ARN, which may end in an alias. */
export function identifyFunctionUrl(scope: Scope, target: string, qualifier: string | undefined): Identity {
  const resource = parseArn(target)?.resource.replace(/^function:/, "") ?? target;
  const [name = "", alias = qualifier] = resource.split(":");
  const functionArn = `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${name}`;
  const arn = alias === undefined ? functionArn : `${functionArn}:${alias}`;
  const FunctionUrl = `https://${toFunctionUrlId(arn)}.lambda-url.${scope.region}.on.aws/`;
  return { physicalId: `URL of ${arn}`, ref: arn, attributes: { FunctionArn: arn, FunctionUrl } };
}

/** What SAM makes of a function's `FunctionUrlConfig`; `alias`: the one that it publishes to. */
export function planImplicitUrl(
  context: PlanContext,
  settings: { AuthType: string } & Record<string, unknown>,
  alias: string | undefined,
): PlannedResource[] {
  const { definition, identity, scope } = context;
  const { line } = placeOfProperty(definition, "FunctionUrlConfig");
  const FunctionName = identity.physicalId;
  const name = { FunctionName, ...(alias === undefined ? {} : { Qualifier: alias }) };
  const url: PlannedResource = {
    logicalId: `${definition.logicalId}Url`,
    type: functionUrl.type,
    line,
    physicalId: identifyFunctionUrl(scope, FunctionName, alias).physicalId,
    ...planUrl({ ...name, ...settings }),
  };
  if (settings.AuthType !== "NONE") return [url];
  const everyone = { ...name, Principal: "*" };
  return [
    url,
    planImplicitPermission(context, `${definition.logicalId}UrlPublicPermissions`, line, {
      ...everyone,
      Action: "lambda:InvokeFunctionUrl",
      FunctionUrlAuthType: "NONE",
    }),
    planImplicitPermission(context, `${definition.logicalId}URLInvokeAllowPublicAccess`, line, {
      ...everyone,
      Action: "lambda:InvokeFunction",
      InvokedViaFunctionUrl: true,
    }),
  ];
}

function planUrl(input: { FunctionName: string; Qualifier?: string } & Record<string, unknown>): {
  calls: PlannedResource["calls"];
  removal: PlannedResource["removal"];
} {
  const { FunctionName, Qualifier } = input;
  const name = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
  return {
    calls: [lambda("CreateFunctionUrlConfig", input)],
    removal: [lambda("DeleteFunctionUrlConfig", name)],
  };
}
