/**
 * What a policy says of a request. Pure. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * E1. An explicit Deny outranks every Allow. What nothing allows is denied, implicitly.
 * E2. `*` and `?` are wildcards in actions, resources, and the Like operators; of an ARN that a condition asks for, in each of its six parts
 *     by itself.
 * E3. Actions, condition keys and operators are compared without regard to case, values with it.
 * E4. A condition about a key that the request does not have does not hold, unless it is a negated one or ends in `IfExists`.
 * E5. An operator that is not known here is an error, not a guess.
 */

/** Who asks: a service, an account (its id), or a caller without credentials. */
export type PolicyPrincipal = { service: string } | { account: string } | "anonymous";

/** What a policy is asked about. */
export interface PolicyRequest {
  /** Default: a caller without credentials. */
  principal?: PolicyPrincipal;
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

/** A policy that cannot be evaluated (E5). */
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

function applies(
  statement: Statement,
  { principal = "anonymous", action, resource, conditions }: PolicyRequest,
): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition } = statement;
  if (!matchesAny(Action ?? NotAction, action, true) === (Action !== undefined)) return false;
  if (Resource !== undefined || NotResource !== undefined)
    if (!matchesAny(Resource ?? NotResource, resource, false) === (Resource !== undefined)) return false;
  if (Principal !== undefined && !matchesPrincipal(Principal, principal)) return false;
  return Condition === undefined || holds(Condition, conditions);
}

function matchesPrincipal(wanted: unknown, principal: PolicyPrincipal): boolean {
  if (wanted === "*") return true;
  if (typeof wanted !== "object" || wanted === null) return false;
  const { AWS, Service } = wanted as { AWS?: unknown; Service?: unknown };
  const accounts = toList(AWS).map(String);
  if (accounts.includes("*")) return true;
  if (principal === "anonymous") return false;
  if ("service" in principal) return toList(Service).includes(principal.service);
  return accounts.some((one) => one === principal.account || one.split(":")[4] === principal.account);
}

function matchesAny(patterns: unknown, value: string, ignoreCase: boolean): boolean {
  return toList(patterns).some((pattern) => isLike(String(pattern), value, ignoreCase));
}

/** E2 */
function isLike(pattern: string, value: string, ignoreCase = false): boolean {
  if (!/[*?]/.test(pattern) && !ignoreCase) return pattern === value;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "is" : "s").test(value);
}

/** E2 */
function isArnLike(pattern: string, arn: string): boolean {
  const [patterns, parts] = [toParts(pattern), toParts(arn)];
  return patterns.length === parts.length && patterns.every((one, index) => isLike(one, parts[index] ?? ""));
}

function toParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

type Test = (wanted: string, given: string) => boolean;

/** E3 */
const tests: Readonly<Record<string, Test>> = {
  stringequals: (wanted, given) => wanted === given,
  stringequalsignorecase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  stringlike: (wanted, given) => isLike(wanted, given),
  arnequals: isArnLike,
  arnlike: isArnLike,
  bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  ipaddress: isInRange,
  numericequals: (wanted, given) => Number(given) === Number(wanted),
  numericlessthan: (wanted, given) => Number(given) < Number(wanted),
  numericlessthanequals: (wanted, given) => Number(given) <= Number(wanted),
  numericgreaterthan: (wanted, given) => Number(given) > Number(wanted),
  numericgreaterthanequals: (wanted, given) => Number(given) >= Number(wanted),
  datelessthan: (wanted, given) => Date.parse(given) < Date.parse(wanted),
  dategreaterthan: (wanted, given) => Date.parse(given) > Date.parse(wanted),
};

function holds(condition: unknown, given: PolicyRequest["conditions"]): boolean {
  for (const [name, keys] of Object.entries(condition as Record<string, Record<string, unknown>>)) {
    const lower = name.toLowerCase();
    const ifExists = lower.endsWith("ifexists");
    const operator = ifExists ? lower.slice(0, -"ifexists".length) : lower;
    for (const [key, wanted] of Object.entries(keys)) {
      const values = given[key.toLowerCase()];
      if (operator === "null") {
        if ((values === undefined) !== (String(toList(wanted)[0]) === "true")) return false;
        continue;
      }
      const isNegated = operator.includes("not");
      const test = tests[operator.replace("not", "")];
      if (test === undefined) throw new PolicyError(`Tripline does not know the condition operator ${name}`); // E5
      if (values === undefined) {
        if (ifExists || isNegated) continue; // E4
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
