import { type Operation, ServiceError } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import { checkEnum, checkLength, checkPattern } from "../member-constraints.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { type PolicyStatement, type StatementInput, toStatement } from "../policy/policy-statement.ts";
import { mustExist, parsePolicyTarget } from "../policy/policy-target.ts";
import { checkPolicyRevision } from "./policy-revision.ts";

/** Input of AddPermission. */
export interface AddPermissionInput extends StatementInput {
  FunctionName: string;
  Qualifier?: string;
  RevisionId?: string;
}

const policyBytesMax = 20_480;

/**
 * Adds a statement to the policy of a function, a version or an alias; a template replaces its own.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export function addPermissionOperation(
  registry: FunctionRegistry,
  policies: FunctionPolicies,
): Operation<AddPermissionInput, { Statement: string }> {
  return {
    name: "AddPermission",
    honoured: [
      "FunctionName",
      "StatementId",
      "Action",
      "Principal",
      "SourceArn",
      "SourceAccount",
      "EventSourceToken",
      "Qualifier",
      "RevisionId",
      "PrincipalOrgID",
      "FunctionUrlAuthType",
      "InvokedViaFunctionUrl",
    ],
    async run(input, context) {
      check(input);
      const target = parsePolicyTarget(registry, input);
      mustExist(registry, target);
      const { functionName, qualifier, resource } = target;
      const before = policies.get(functionName, qualifier)?.statements ?? [];
      const statement = toStatement(input, resource);
      const known = before.find((one) => one.Sid === statement.Sid);
      if (known !== undefined && context.upsert !== true) throw statementExists(statement.Sid);
      checkPolicyRevision({ registry, policies, target, revisionId: input.RevisionId });
      if (known === undefined || JSON.stringify(known) !== JSON.stringify(statement)) {
        const statements =
          known === undefined ? [...before, statement] : before.map((one) => (one === known ? statement : one));
        checkSize(statements);
        await policies.put(functionName, qualifier, statements);
      }
      return { Statement: JSON.stringify(statement) };
    },
  };
}

function check(input: AddPermissionInput): void {
  checkLength("statementId", input.StatementId, 100);
  checkPattern("statementId", input.StatementId, "([a-zA-Z0-9-_]+)");
  checkPattern("action", input.Action, "(lambda:[*]|lambda:[a-zA-Z]+|[*])");
  checkPattern("principal", input.Principal, "[^\\s]+");
  checkPattern("sourceAccount", input.SourceAccount, "\\d{12}");
  checkPattern(
    "sourceArn",
    input.SourceArn,
    "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
  );
  checkLength("eventSourceToken", input.EventSourceToken, 256);
  checkPattern("eventSourceToken", input.EventSourceToken, "[a-zA-Z0-9._\\-]+");
  checkPattern("principalOrgID", input.PrincipalOrgID, "o-[a-z0-9]{10,32}");
  checkEnum("functionUrlAuthType", input.FunctionUrlAuthType, ["NONE", "AWS_IAM"]);
}

function checkSize(statements: readonly PolicyStatement[]): void {
  const bytes = Buffer.byteLength(toPolicyDocument(statements));
  if (bytes <= policyBytesMax) return;
  throw new ServiceError(
    "PolicyLengthExceededException",
    `The final policy size (${bytes}) is bigger than the limit (${policyBytesMax}).`,
    { members: { Type: "User" } },
  );
}

/** The policy as GetPolicy shows it. */
export function toPolicyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}

function statementExists(statementId: string): ServiceError {
  return new ServiceError(
    "ResourceConflictException",
    `The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    { status: 409, members: { Type: "User" } },
  );
}
