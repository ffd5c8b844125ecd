/**
 * AWS::Serverless::LayerVersion, AWS::Lambda::LayerVersion and AWS::Lambda::LayerVersionPermission.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html
 *
 * A changed layer is published under its next number. The version before it is deleted; SAM's stays, unless RetentionPolicy is Delete.
 */
import { madeValue } from "../made-value.ts";
import { list, object, readProperties } from "../shapes/collections.ts";
import { choice, raw, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../shapes/shape.ts";
import { codeObject, type FunctionCode, lambda, toCodeAtPath, toCodeObject } from "./function-settings.ts";
import {
  type Identity,
  type IdentityContext,
  type PlanContext,
  placeOfProperty,
  planned,
  type ResourceType,
} from "./resource-type.ts";

const settings = {
  LayerName: optional(text("shared")),
  Description: optional(text()),
  LicenseInfo: optional(text("MIT")),
  CompatibleRuntimes: optional(list(text("nodejs22.x"))),
  CompatibleArchitectures: optional(list(choice("x86_64", "arm64"))),
} satisfies PropertyTable;

const samProperties = {
  ...settings,
  ContentUri: required(raw()),
  RetentionPolicy: optional(choice("Retain", "Delete")),
} satisfies PropertyTable;
const properties = { ...settings, Content: required(raw()) } satisfies PropertyTable;
const s3Content = object({
  S3Bucket: required(text("deploy")),
  S3Key: required(text("layer.zip")),
  S3ObjectVersion: optional(text()),
});

/** `Ref` is the ARN of the layer version. */
export const serverlessLayerVersion: ResourceType = {
  type: "AWS::Serverless::LayerVersion",
  properties: samProperties,
  identify: identifyLayer,
  plan(context) {
    const { ContentUri, RetentionPolicy, ...given } = readProperties(
      context.definition.properties,
      samProperties,
      "",
      context.read,
    );
    const content =
      ContentUri.kind === "map"
        ? toCodeObject(codeObject.read(ContentUri, "ContentUri", context.read))
        : toContent(context, text("layer/").read(ContentUri, "ContentUri", context.read), "ContentUri");
    return planLayer(context, given, content, RetentionPolicy === "Delete");
  },
};

/** `Ref` is the ARN of the layer version. Content is an object in S3, or a path, as `aws cloudformation package` takes it. */
export const lambdaLayerVersion: ResourceType = {
  type: "AWS::Lambda::LayerVersion",
  properties,
  nested: { Content: s3Content.properties ?? {} },
  identify: identifyLayer,
  plan(context) {
    const { Content, ...given } = readProperties(context.definition.properties, properties, "", context.read);
    const content =
      Content.kind === "map"
        ? s3Content.read(Content, "Content", context.read)
        : toContent(context, text("layer/").read(Content, "Content", context.read), "Content");
    return planLayer(context, given, content, true);
  },
};

const permissionProperties = {
  LayerVersionArn: required(text("!Ref Shared")),
  Action: required(text("lambda:GetLayerVersion")),
  Principal: required(text("*")),
  OrganizationId: optional(text("o-abcdefghij")),
} satisfies PropertyTable;

/** `Ref` is the id of the statement. */
export const layerVersionPermission: ResourceType = {
  type: "AWS::Lambda::LayerVersionPermission",
  properties: permissionProperties,
  identify: ({ logicalId }) => ({ physicalId: logicalId, ref: logicalId, attributes: { Id: logicalId } }),
  plan(context) {
    const { definition, identity } = context;
    const { LayerVersionArn, ...given } = readProperties(definition.properties, permissionProperties, "", context.read);
    const at = LayerVersionArn.lastIndexOf(":");
    const number = LayerVersionArn.slice(at + 1);
    const statement = {
      LayerName: LayerVersionArn.slice(0, at),
      VersionNumber: /^\d+$/.test(number) ? Number(number) : number,
      StatementId: identity.physicalId,
    };
    return [
      planned(context, {
        calls: [lambda("AddLayerVersionPermission", { ...statement, ...given })],
        removal: [lambda("RemoveLayerVersionPermission", statement)],
      }),
    ];
  },
};

function identifyLayer({ scope, logicalId, property }: IdentityContext): Identity {
  const name = property("LayerName") ?? logicalId;
  const arn = `arn:aws:lambda:${scope.region}:${scope.accountId}:layer:${name}:${madeValue(logicalId, "Version")}`;
  return { physicalId: name, ref: arn, arn, attributes: { LayerVersionArn: arn, Arn: arn } };
}

function toContent(context: PlanContext, path: string, property: string): FunctionCode {
  return toCodeAtPath(context, path, property, placeOfProperty(context.definition, property));
}

function planLayer(
  context: PlanContext,
  given: object,
  Content: FunctionCode,
  isDeleted: boolean,
): ReturnType<ResourceType["plan"]> {
  const { definition, identity } = context;
  const LayerName = identity.physicalId;
  const VersionNumber = madeValue(definition.logicalId, "Version");
  return [
    planned(context, {
      calls: [lambda("PublishLayerVersion", { ...given, LayerName, Content })],
      removal: isDeleted ? [lambda("DeleteLayerVersion", { LayerName, VersionNumber })] : [],
      makes: { [VersionNumber]: "Version" },
    }),
  ];
}
