/** AWS::Lambda::Function. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
import { invalid } from "../read/errors.ts";
import { object, readProperties } from "../shapes/collections.ts";
import { raw, text } from "../shapes/scalars.ts";
import { each, optional, required, type Shape, unsupported, withoutEffect, withOthers } from "../shapes/shape.ts";
import {
  type FunctionCode,
  functionSettings,
  identifyFunction,
  otherFunctionSettings,
  planFunction,
  toCodeFolder,
} from "./function-settings.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, placeOfProperty, type ResourceType } from "./resource-type.ts";

const zipCode: Shape<{ ZipFile?: string }> = object({
  ZipFile: optional(text("exports.handler = async () => 'hello'")),
  ...each(["ImageUri", "S3Bucket", "S3Key", "S3ObjectVersion", "S3ObjectStorageMode"], unsupported(reasons.zip)),
  SourceKMSKeyArn: withoutEffect(reasons.encryption),
});
const properties = withOthers(
  {
    ...functionSettings,
    Code: required(raw()),
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
    const { Code, DeadLetterConfig, ...settings } = given;
    if (given.PackageType === "Image") {
      context.skip(reasons.zip, "PackageType", placeOfProperty(definition, "PackageType"));
      return [];
    }
    const code = toCode(context, Code);
    if (code === undefined) return [];
    const target = DeadLetterConfig?.TargetArn;
    const reason = target === undefined ? undefined : context.whyNotCallable(target);
    if (reason !== undefined) {
      context.skip(reason, "DeadLetterConfig", placeOfProperty(definition, "DeadLetterConfig"));
    }
    return planFunction(context, settings, code, reason === undefined ? target : undefined);
  },
};

function toCode(context: PlanContext, code: Parameters<typeof zipCode.read>[0]): FunctionCode | undefined {
  const place = placeOfProperty(context.definition, "Code");
  if (code.kind === "scalar")
    return toCodeFolder(context, text("src/").read(code, "Code", context.read), "Code", place);
  const { ZipFile } = zipCode.read(code, "Code", context.read);
  if (ZipFile !== undefined) return { InlineSource: ZipFile };
  if (code.kind === "map" && code.entries.size === 0) {
    throw invalid(place, `Code of ${context.definition.logicalId} is empty.`, "Name a folder, or give ZipFile.");
  }
  context.skip(reasons.zip); // its members are listed as well
  return undefined;
}
