/**
 * Whether a text is a policy. Nothing is evaluated: what is accepted is kept, and evaluated when identity is.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { limitExceeded, malformedPolicy } from "./errors.ts";
import { limits } from "./limits.ts";

type Statement = Record<string, unknown>;

/** Throws `MalformedPolicyDocument` where `text` is no policy of an identity: managed, inline or of a session. */
export function checkIdentityPolicy(text: string): void {
  for (const statement of parseStatements(text, "Syntax errors in policy.")) {
    if ("Principal" in statement || "NotPrincipal" in statement) {
      throw malformedPolicy("Policy document should not specify a principal.");
    }
    for (const action of checkActions(statement)) {
      if (action !== "*" && !/^[^:]+:.+$/.test(action)) {
        throw malformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      }
    }
    const resources = statement["Resource"] ?? statement["NotResource"];
    if (resources === undefined) throw malformedPolicy("Policy statement must contain resources.");
    for (const resource of texts(resources, "Syntax errors in policy.")) {
      if (resource !== "*" && !/^arn:[^:]*:[^:]+:[^:]*:[^:]*:.+$/s.test(resource)) {
        throw malformedPolicy(`Resource ${resource} must be in ARN format or "*".`);
      }
    }
  }
}

/** As {@link checkIdentityPolicy}; throws `LimitExceeded` where a managed policy would be too large. */
export function checkManagedPolicy(text: string): void {
  checkIdentityPolicy(text);
  if (policySize(text) <= limits.managedPolicyMax) return;
  throw limitExceeded(`Cannot exceed quota for PolicySize: ${limits.managedPolicyMax}`);
}

/** Throws `MalformedPolicyDocument` where `text` is no trust policy of a role. */
export function checkTrustPolicy(text: string): void {
  for (const statement of parseStatements(text, "This policy contains invalid Json")) {
    for (const field of ["Resource", "NotResource"] as const) {
      if (field in statement) throw malformedPolicy(`Has prohibited field ${field}`);
    }
    if (!("Principal" in statement) && !("NotPrincipal" in statement)) {
      throw malformedPolicy("Missing required field Principal");
    }
    for (const action of checkActions(statement)) {
      if (!/^sts:/i.test(action) && action !== "*") {
        throw malformedPolicy("AssumeRole policy may only specify STS AssumeRole actions.");
      }
    }
  }
}

function parseStatements(text: string, invalid: string): Statement[] {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformedPolicy(invalid);
  }
  if (!isObject(policy)) throw malformedPolicy(invalid);
  const { Version: version, Statement: given } = policy;
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") throw malformedPolicy(invalid);
  const statements = Array.isArray(given) ? (given as unknown[]) : [given];
  if (statements.length === 0 || !statements.every(isObject)) throw malformedPolicy(invalid);
  const ids = new Set<string>();
  for (const statement of statements) {
    if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny") throw malformedPolicy(invalid);
    const id = statement["Sid"];
    if (id === undefined || id === "") continue;
    if (typeof id !== "string" || !/^[0-9A-Za-z]*$/.test(id)) {
      throw malformedPolicy(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
      );
    }
    if (ids.has(id)) throw malformedPolicy("Statement IDs (SID) in a single policy must be unique.");
    ids.add(id);
  }
  return statements;
}

function checkActions(statement: Statement): string[] {
  const actions = statement["Action"] ?? statement["NotAction"];
  if (actions === undefined) throw malformedPolicy("Policy statement must contain actions.");
  return texts(actions, "Syntax errors in policy.");
}

function texts(value: unknown, invalid: string): string[] {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  if (!items.every((item) => typeof item === "string")) throw malformedPolicy(invalid);
  return items;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without white space: what AWS's quotas count. */
export function policySize(text: string): number {
  return text.replace(/\s/g, "").length;
}

/** As IAM shows a document: percent-encoded (RFC 3986). */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
