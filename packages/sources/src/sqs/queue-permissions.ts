/**
 * AddPermission and RemovePermission: statements of the queue's Policy, written as AWS writes them. They are kept and read back;
 * nothing is denied yet. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
 */
import { invalidValue, missingParameter, tooManyActions } from "./errors.ts";
import { actionsMax, policyStatementsMax } from "./limits.ts";
import { parseJsonObject, type Queue } from "./queue-definition.ts";

const allowedActions: readonly string[] = [
  "*",
  "ChangeMessageVisibility",
  "DeleteMessage",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "PurgeQueue",
  "ReceiveMessage",
  "SendMessage",
];

/** What AddPermission is given. */
export interface Permission {
  label: string;
  accountIds: readonly string[];
  actions: readonly string[];
}

/** The policy's text with one statement more. Throws InvalidParameterValue, MissingParameter or OverLimit. */
export function addPermission(queue: Queue, { label, accountIds, actions }: Permission): string {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
    throw invalidValue(
      label,
      "Label",
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
    );
  }
  if (actions.length === 0) throw missingParameter("Actions");
  if (accountIds.length === 0) throw invalidValue("[]", "PrincipalId", "Unable to verify.");
  if (actions.length > actionsMax) throw tooManyActions(actions.length, actionsMax);
  for (const action of actions) {
    if (!allowedActions.includes(action)) {
      throw invalidValue(`SQS:${action}`, "ActionName", "Only the queue owner is allowed to invoke this action.");
    }
  }
  for (const accountId of accountIds) {
    if (!/^\d{12}$/.test(accountId)) throw invalidValue(`[${accountId}]`, "PrincipalId", "Unable to verify.");
  }
  const policy = readPolicy(queue);
  if (policy.Statement.some((statement) => toLabel(statement) === label)) {
    throw invalidValue(label, "Label", "Already exists.");
  }
  if (policy.Statement.length >= policyStatementsMax) {
    throw invalidValue(label, "Label", `A policy has at most ${policyStatementsMax} statements.`);
  }
  policy.Statement.push({
    Sid: label,
    Effect: "Allow",
    // AWS writes the last account first.
    Principal: { AWS: oneOrAll(accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`).toReversed()) },
    Action: oneOrAll(actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  });
  return JSON.stringify(policy);
}

/** The policy's text without that statement; undefined where none is left. Throws InvalidParameterValue. */
export function removePermission(queue: Queue, label: string): string | undefined {
  const policy = readPolicy(queue);
  const rest = policy.Statement.filter((statement) => toLabel(statement) !== label);
  if (rest.length === policy.Statement.length) throw invalidValue(label, "Label", "can't find label.");
  return rest.length === 0 ? undefined : JSON.stringify({ ...policy, Statement: rest });
}

interface Policy {
  Version: string;
  Id: string;
  Statement: unknown[];
}

/** The queue's policy, or the empty one that AWS begins with. */
function readPolicy({ arn, definition }: Queue): Policy {
  const policy = parseJsonObject(definition.attributes["Policy"]);
  if (policy === undefined) return { Version: "2008-10-17", Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
  const statements = policy["Statement"];
  const list: unknown[] = Array.isArray(statements) ? [...(statements as unknown[])] : [statements];
  return { ...policy, Statement: list.filter((one) => one !== undefined) } as Policy;
}

function toLabel(statement: unknown): unknown {
  return typeof statement === "object" && statement !== null && "Sid" in statement ? statement.Sid : undefined;
}

/** AWS writes a list of one as its item. */
function oneOrAll(values: readonly string[]): string | readonly string[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}
