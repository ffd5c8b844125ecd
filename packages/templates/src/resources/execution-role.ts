/**
 * The role that SAM makes for a function that names none: `<logical id>Role`.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
 *
 * X1. It has the managed policies that the function's settings and events ask for, and those and the documents of `Policies`.
 * X2. SAM's policy templates (`S3ReadPolicy`) are not expanded: they are listed as without local effect.
 */
import { json, text } from "../shapes/scalars.ts";
import { optional, type OptionalTable } from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { has, iam, kept, planAttachment, planInlinePolicy, toDocument } from "./iam-policies.ts";
import type { PlanContext } from "./resource-type.ts";

/** What the properties read as. */
export interface ExecutionRoleSettings {
  Policies?: unknown;
  AssumeRolePolicyDocument?: unknown;
  PermissionsBoundary?: string;
  RolePath?: string;
}

/** The properties of a function that are about the role that is made for it. */
export const executionRoleSettings: OptionalTable<ExecutionRoleSettings> = {
  Policies: kept(optional(json())),
  AssumeRolePolicyDocument: kept(optional(json())),
  PermissionsBoundary: kept(optional(text("!Ref Boundary"))),
  RolePath: optional(text("/")),
};

const awsManaged = "arn:aws:iam::aws:policy/";
/** Of AWS's policies for Lambda, those that are under this path. */
const serviceRoles: ReadonlySet<string> = new Set([
  "AWSLambdaBasicExecutionRole",
  "AWSLambdaDynamoDBExecutionRole",
  "AWSLambdaENIManagementAccess",
  "AWSLambdaKinesisExecutionRole",
  "AWSLambdaMSKExecutionRole",
  "AWSLambdaRole",
  "AWSLambdaSQSQueueExecutionRole",
  "AWSLambdaVPCAccessExecutionRole",
]);
/** By the type of an event. */
const eventPolicies: Readonly<Record<string, string>> = {
  SQS: "AWSLambdaSQSQueueExecutionRole",
  Kinesis: "AWSLambdaKinesisExecutionRole",
  DynamoDB: "AWSLambdaDynamoDBExecutionRole",
};
const lambdaTrust = {
  Version: "2012-10-17",
  Statement: [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] } }],
};

/** The role, and its ARN. */
export function planExecutionRole(
  context: PlanContext,
  given: ExecutionRoleSettings,
  eventTypes: readonly string[],
): { arn: string; resources: PlannedResource[] } {
  const { definition, scope } = context;
  const RoleName = `${definition.logicalId}Role`;
  const Path = given.RolePath ?? "/";
  const arn = `arn:aws:iam::${scope.accountId}:role${Path}${RoleName}`;
  const policies = Array.isArray(given.Policies) ? (given.Policies as unknown[]) : [given.Policies];
  const arns = new Set(ownPolicies(context, eventTypes).map(toPolicyArn));
  const inline: PlannedResource[] = [];
  for (const [index, policy] of policies.entries()) {
    if (typeof policy === "string") arns.add(toPolicyArn(policy));
    else if (typeof policy === "object" && policy !== null && "Statement" in policy) {
      const document = { PolicyName: `${RoleName}Policy${index}`, PolicyDocument: policy };
      inline.push(planInlinePolicy(context, "Role", RoleName, document));
    } else if (typeof policy === "object" && policy !== null) {
      const name = Object.keys(policy)[0] ?? "";
      const reason = `SAM's policy template ${name} is not expanded: IAM is not evaluated.`;
      context.read.withoutLocalEffect(`Policies[${index}]`, reason); // X2
    }
  }
  const role: PlannedResource = {
    logicalId: RoleName,
    type: "AWS::IAM::Role",
    line: definition.place.line,
    physicalId: RoleName,
    arn,
    calls: [
      iam("CreateRole", {
        RoleName,
        Path,
        AssumeRolePolicyDocument: toDocument(given.AssumeRolePolicyDocument ?? lambdaTrust),
        ...(given.PermissionsBoundary === undefined ? {} : { PermissionsBoundary: given.PermissionsBoundary }),
      }),
    ],
    removal: [iam("DeleteRole", { RoleName })],
  };
  const attached = Array.from(arns, (one) => planAttachment(context, "Role", RoleName, one));
  const parts = [...attached, ...inline].map((part) => ({ ...part, logicalId: RoleName }));
  return { arn, resources: [role, ...parts] };
}

/** X1. */
function ownPolicies({ definition: { properties } }: PlanContext, eventTypes: readonly string[]): string[] {
  return [
    "AWSLambdaBasicExecutionRole",
    ...(has(properties, "Tracing") ? ["AWSXrayWriteOnlyAccess"] : []),
    ...(has(properties, "VpcConfig") ? ["AWSLambdaVPCAccessExecutionRole"] : []),
    ...eventTypes.flatMap((type) => eventPolicies[type] ?? []),
  ];
}

function toPolicyArn(policy: string): string {
  if (policy.startsWith("arn:")) return policy;
  return `${awsManaged}${serviceRoles.has(policy) ? "service-role/" : ""}${policy}`;
}
