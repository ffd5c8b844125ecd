/**
 * Whether a resource policy lets a request in. Pure. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * E1. A request is let in where one statement matches it in principal, action, resource and every condition.
 * E2. A condition about a key that the request does not have does not hold.
 * E3. Keys and operators are compared without regard to case, values with it; of an ARN, each of the six parts by itself.
 * Only what AddPermission can write is known: Allow, and the operators StringEquals, StringLike, ArnLike, ArnEquals and Bool.
 */
import type { PolicyStatement } from "./policy-statement.ts";

/** Who asks for what. */
export interface PolicyRequest {
  /** A service, an account (its id), or a caller without credentials. */
  principal: { service: string } | { account: string } | "anonymous";
  /** `lambda:InvokeFunction` */
  action: string;
  resource: string;
  /** Condition keys in lower case: `aws:sourcearn`. */
  keys: Readonly<Record<string, string>>;
}

/** E1. */
export function isAllowed(statements: readonly PolicyStatement[], request: PolicyRequest): boolean {
  return statements.some(
    (statement) =>
      matchesPrincipal(statement.Principal, request.principal) &&
      matchesPattern(statement.Action.toLowerCase(), request.action.toLowerCase()) &&
      matchesArn(statement.Resource, request.resource) &&
      Object.entries(statement.Condition ?? {}).every(([operator, tests]) =>
        Object.entries(tests).every(([key, wanted]) => holds(operator, wanted, request.keys[key.toLowerCase()])),
      ),
  );
}

function matchesPrincipal(wanted: PolicyStatement["Principal"], principal: PolicyRequest["principal"]): boolean {
  if (wanted === "*") return true;
  if (principal === "anonymous") return false;
  if ("Service" in wanted) return "service" in principal && wanted.Service === principal.service;
  return "account" in principal && wanted.AWS.split(":")[4] === principal.account;
}

function holds(operator: string, wanted: string, value: string | undefined): boolean {
  if (value === undefined) return false; // E2
  switch (operator.toLowerCase()) {
    case "stringequals":
      return wanted === value;
    case "stringlike":
      return matchesPattern(wanted, value);
    case "arnlike":
    case "arnequals":
      return matchesArn(wanted, value);
    case "bool":
      return wanted.toLowerCase() === value.toLowerCase();
    default:
      return false;
  }
}

/** E3. */
function matchesArn(pattern: string, arn: string): boolean {
  const parts = toParts(arn);
  const patterns = toParts(pattern);
  return patterns.length === parts.length && patterns.every((one, index) => matchesPattern(one, parts[index] ?? ""));
}

function toParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** `*` stands for any characters, `?` for one. */
function matchesPattern(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
