/** AWS::Lambda::Function. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
import { invalid } from "../read/errors.ts";
import { list, object, readProperties } from "../shapes/collections.ts";
import { raw, text } from "../shapes/scalars.ts";
import { optional, required, type Shape, unsupported, withoutEffect, withOthers } from "../shapes/shape.ts";
import {
  type FunctionCode,
  functionSettings,
  identifyFunction,
  otherFunctionSettings,
  planFunction,
  toCodeAtPath,
} from "./function-settings.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, placeOfProperty, type ResourceType } from "./resource-type.ts";

const zipCode: Shape<{ ZipFile?: string; S3Bucket?: string; S3Key?: string; S3ObjectVersion?: string }> = object({
  ZipFile: optional(text("exports.handler = async () => 'hello'")),
  S3Bucket: optional(text("deploy")),
  S3Key: optional(text("app.zip")),
  S3ObjectVersion: optional(text()),
  ImageUri: unsupported(reasons.image),
  S3ObjectStorageMode: withoutEffect("Code is copied."),
  SourceKMSKeyArn: withoutEffect(reasons.encryption),
});
const properties = withOthers(
  {
    ...functionSettings,
    Code: required(raw()),
    Tags: optional(list(object({ Key: required(text("team")), Value: optional(text()) }))),
    DeadLetterConfig: optional(object({ TargetArn: optional(text("!GetAtt Failed.Arn")) })),
  },
  { ...otherFunctionSettings, TracingConfig: withoutEffect(reasons.tracing) },
);

/** `Ref` is the name. Code is a path, as `aws cloudformation package` takes it, or `{ ZipFile }` with the source itself. */
export const lambdaFunction: ResourceType = {
  type: "AWS::Lambda::Function",
  properties,
  nested: { Code: zipCode.properties ?? {} },
  pass: 0,
  identify: identifyFunction,
  plan(context) {
    const { definition } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const { Code, DeadLetterConfig, Tags, ...settings } = given;
    if (given.PackageType === "Image") {
      context.skip(reasons.image, "PackageType", placeOfProperty(definition, "PackageType"));
      return [];
    }
    const code = toCode(context, Code);
    if (code === undefined) return [];
    const target = DeadLetterConfig?.TargetArn;
    const reason = target === undefined ? undefined : context.whyNotCallable(target);
    if (reason !== undefined) {
      context.skip(reason, "DeadLetterConfig", placeOfProperty(definition, "DeadLetterConfig"));
    }
    return planFunction(context, settings, code, {
      deadLetterTargetArn: reason === undefined ? target : undefined,
      tags: Tags === undefined ? undefined : Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value ?? ""])),
    });
  },
};

function toCode(context: PlanContext, code: Parameters<typeof zipCode.read>[0]): FunctionCode | undefined {
  const place = placeOfProperty(context.definition, "Code");
  if (code.kind === "scalar")
    return toCodeAtPath(context, text("src/").read(code, "Code", context.read), "Code", place);
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion } = zipCode.read(code, "Code", context.read);
  if (ZipFile !== undefined) return { InlineSource: ZipFile };
  if (S3Bucket !== undefined && S3Key !== undefined)
    return { S3Bucket, S3Key, ...(S3ObjectVersion === undefined ? {} : { S3ObjectVersion }) };
  if (code.kind === "map" && code.entries.size === 0) {
    throw invalid(place, `Code of ${context.definition.logicalId} is empty.`, "Name a folder, or give ZipFile.");
  }
  context.skip(reasons.image); // its members are listed as well
  return undefined;
}
