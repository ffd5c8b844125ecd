/** AWS::Lambda::Permission; SAM makes one for each event that a service pushes. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
import { readProperties } from "../shapes/collections.ts";
import { boolean, choice, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { deterministicId } from "./deterministic-id.ts";
import { lambda } from "./function-settings.ts";
import { type PlanContext, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const properties = {
  FunctionName: required(text("!Ref Import")),
  Action: required(text("lambda:InvokeFunction")),
  Principal: required(text("s3.amazonaws.com")),
  SourceArn: optional(text("!GetAtt Uploads.Arn")),
  SourceAccount: optional(text("!Ref AWS::AccountId")),
  EventSourceToken: optional(text()),
  FunctionUrlAuthType: optional(choice("NONE", "AWS_IAM")),
  InvokedViaFunctionUrl: optional(boolean()),
  PrincipalOrgID: optional(text("o-abcdefghij")),
} satisfies PropertyTable;

/** The type's name. */
export const permissionType = "AWS::Lambda::Permission";

/** `Ref` is the id of the statement. */
export const permission: ResourceType = {
  type: permissionType,
  properties,
  identify({ stackName, logicalId, property }) {
    const id = toStatementId(stackName, logicalId);
    return { physicalId: `${property("FunctionName") ?? ""} ${id}`, ref: id, attributes: { Id: id } };
  },
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const reason = context.whyNotCallable(given.FunctionName);
    if (reason !== undefined) {
      context.skip(reason, "FunctionName", placeOfProperty(definition, "FunctionName"));
      return [];
    }
    return [planned(context, planStatement(identity.ref, given))];
  },
};

/** What a service is let in for. */
export interface PermissionSettings {
  FunctionName: string;
  /** An alias. */
  Qualifier?: string;
  Action: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
  FunctionUrlAuthType?: string;
  InvokedViaFunctionUrl?: boolean;
}

/** The permission that SAM makes without being asked. */
export function planImplicitPermission(
  context: PlanContext,
  logicalId: string,
  line: number,
  settings: PermissionSettings,
): PlannedResource {
  const id = toStatementId(context.stackName, logicalId);
  return {
    logicalId,
    type: permissionType,
    line,
    physicalId: `${settings.FunctionName} ${id}`,
    ...planStatement(id, settings),
  };
}

/** The permission of a service to invoke a function for one of its resources. */
export function planServicePermission(
  context: PlanContext,
  logicalId: string,
  line: number,
  source: { Principal: string; SourceArn?: string; SourceAccount?: string },
): PlannedResource {
  const FunctionName = context.identity.physicalId;
  return planImplicitPermission(context, logicalId, line, { FunctionName, Action: "lambda:InvokeFunction", ...source });
}

function planStatement(StatementId: string, settings: PermissionSettings): Pick<PlannedResource, "calls" | "removal"> {
  const { FunctionName, Qualifier } = settings;
  const name = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
  return {
    calls: [lambda("AddPermission", { StatementId, ...settings })],
    removal: [lambda("RemovePermission", { ...name, StatementId })],
  };
}

/** At most 100 characters, as AWS wants it; the same at each start. */
function toStatementId(stackName: string, logicalId: string): string {
  const id = `${stackName}-${logicalId}`.replace(/[^a-zA-Z0-9-_]/g, "-");
  return id.length <= 100 ? id : `${id.slice(0, 91)}-${deterministicId(8, stackName, logicalId)}`;
}
