/**
 * Policies of APIs and of Lambda authorizers. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 *
 * E1. An explicit Deny outranks every Allow. What nothing allows is denied, implicitly.
 * E2. `*` and `?` are wildcards in actions, resources, and the Like operators.
 * E3. What is not known here (an operator, a principal of an account) is an error, not a guess.
 */

/** What a policy is asked about. */
export interface PolicyRequest {
  action: string;
  resource: string;
  /** Condition keys in lower case: `aws:sourceip`. */
  conditions: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What it says. */
export type PolicyDecision = "allow" | "implicit-deny" | "explicit-deny";

interface Statement {
  Effect?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Principal?: unknown;
  Condition?: unknown;
}

/** A policy that cannot be evaluated (E3). */
export class PolicyError extends Error {}

/** Throws {@link PolicyError}. */
export function evaluatePolicy(policy: unknown, request: PolicyRequest): PolicyDecision {
  if (typeof policy !== "object" || policy === null) throw new PolicyError("The policy is not an object");
  const statements = toList((policy as { Statement?: unknown }).Statement) as Statement[];
  if (statements.length === 0) throw new PolicyError("The policy has no statement");
  let decision: PolicyDecision = "implicit-deny";
  for (const statement of statements) {
    if (typeof statement !== "object" || statement === null) throw new PolicyError("A statement is not an object");
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") throw new PolicyError("A statement has no Effect");
    if (!applies(statement, request)) continue;
    if (statement.Effect === "Deny") return "explicit-deny"; // E1
    decision = "allow";
  }
  return decision;
}

function applies(statement: Statement, { action, resource, conditions }: PolicyRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition } = statement;
  if (!matchesAny(Action ?? NotAction, action, true) === (Action !== undefined)) return false;
  if (Resource !== undefined || NotResource !== undefined)
    if (!matchesAny(Resource ?? NotResource, resource, false) === (Resource !== undefined)) return false;
  if (Principal !== undefined && !isAnyone(Principal)) return false;
  return Condition === undefined || holds(Condition, conditions);
}

/** Callers are anonymous here: only `*` is all of them. */
function isAnyone(principal: unknown): boolean {
  if (principal === "*") return true;
  return (
    typeof principal === "object" && principal !== null && toList((principal as { AWS?: unknown }).AWS).includes("*")
  );
}

function matchesAny(patterns: unknown, value: string, ignoreCase: boolean): boolean {
  return toList(patterns).some((pattern) => isLike(String(pattern), value, ignoreCase));
}

/** E2 */
export function isLike(pattern: string, value: string, ignoreCase = false): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "is" : "s").test(value);
}

type Test = (wanted: string, given: string) => boolean;

const tests: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => isLike(wanted, given),
  ArnEquals: (wanted, given) => isLike(wanted, given),
  ArnLike: (wanted, given) => isLike(wanted, given),
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  IpAddress: isInRange,
  NumericEquals: (wanted, given) => Number(given) === Number(wanted),
  NumericLessThan: (wanted, given) => Number(given) < Number(wanted),
  NumericLessThanEquals: (wanted, given) => Number(given) <= Number(wanted),
  NumericGreaterThan: (wanted, given) => Number(given) > Number(wanted),
  NumericGreaterThanEquals: (wanted, given) => Number(given) >= Number(wanted),
  DateLessThan: (wanted, given) => Date.parse(given) < Date.parse(wanted),
  DateGreaterThan: (wanted, given) => Date.parse(given) > Date.parse(wanted),
};

function holds(condition: unknown, given: PolicyRequest["conditions"]): boolean {
  for (const [name, keys] of Object.entries(condition as Record<string, Record<string, unknown>>)) {
    const ifExists = name.endsWith("IfExists");
    const operator = ifExists ? name.slice(0, -8) : name;
    for (const [key, wanted] of Object.entries(keys)) {
      const values = given[key.toLowerCase()];
      if (operator === "Null") {
        if ((values === undefined) !== (String(toList(wanted)[0]) === "true")) return false;
        continue;
      }
      const isNegated = operator.includes("Not");
      const test = tests[operator.replace("Not", "")];
      if (test === undefined) throw new PolicyError(`Tripline does not know the condition operator ${name}`); // E3
      if (values === undefined) {
        if (ifExists || isNegated) continue;
        return false;
      }
      const matches = toList(values).some((value) => toList(wanted).some((one) => test(String(one), String(value))));
      if (matches === isNegated) return false;
    }
  }
  return true;
}

/** `203.0.113.0/24`; version 6 by equality of the address alone. */
function isInRange(range: string, address: string): boolean {
  const [network = "", bits] = range.split("/");
  const [a, b] = [toIpNumber(network), toIpNumber(address.replace(/^::ffff:/, ""))];
  if (a === undefined || b === undefined) return network === address;
  const size = bits === undefined ? 32 : Number(bits);
  return size === 0 || (a ^ b) >>> (32 - size) === 0;
}

function toIpNumber(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
