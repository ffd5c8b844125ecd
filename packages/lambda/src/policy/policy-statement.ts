/**
 * A statement of a function's resource policy, as AddPermission builds it.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
import { invalidParameter } from "../errors.ts";

/** One statement, members in the order in which AWS prints them. */
export interface PolicyStatement {
  Sid: string;
  Effect: "Allow";
  Principal: "*" | { Service: string } | { AWS: string };
  Action: string;
  Resource: string;
  Condition?: PolicyCondition;
}

/** Operator -> condition key -> value. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What AddPermission says of a statement. */
export interface StatementInput {
  StatementId: string;
  Action: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
  EventSourceToken?: string;
  FunctionUrlAuthType?: string;
  PrincipalOrgID?: string;
  InvokedViaFunctionUrl?: boolean;
}

const urlAction = "lambda:InvokeFunctionUrl";

/** The statement about `resource`. Throws `InvalidParameterValueException` for a principal that is none. */
export function toStatement(input: StatementInput, resource: string): PolicyStatement {
  if (input.FunctionUrlAuthType !== undefined && input.Action !== urlAction) {
    throw invalidParameter(`FunctionUrlAuthType is only supported for ${urlAction} action`);
  }
  const condition = toCondition(input);
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: toPrincipal(input.Principal, resource),
    Action: input.Action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

function toCondition(input: StatementInput): PolicyCondition | undefined {
  const equals: Record<string, string> = {
    ...(input.SourceAccount === undefined ? {} : { "AWS:SourceAccount": input.SourceAccount }),
    ...(input.FunctionUrlAuthType === undefined ? {} : { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }),
    ...(input.EventSourceToken === undefined ? {} : { "lambda:EventSourceToken": input.EventSourceToken }),
    ...(input.PrincipalOrgID === undefined ? {} : { "aws:PrincipalOrgID": input.PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": input.SourceArn } }),
    ...(input.InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { "lambda:InvokedViaFunctionUrl": String(input.InvokedViaFunctionUrl) } }),
  };
  return Object.keys(condition).length === 0 ? undefined : condition;
}

/** An account, an ARN of a user or a role, a service, or everyone. */
function toPrincipal(principal: string, resource: string): PolicyStatement["Principal"] {
  const partition = resource.split(":")[1] ?? "aws";
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
  if (/^arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|federated-user|assumed-role)\/.+)$/.test(principal)) {
    return { AWS: principal };
  }
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/.test(principal)) return { Service: principal };
  throw invalidParameter("The provided principal was invalid. Please check the principal and try again.");
}
