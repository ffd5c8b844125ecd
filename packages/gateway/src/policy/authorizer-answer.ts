/** What a Lambda authorizer answers. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
import { evaluatePolicy } from "@tripline/kernel";

/** An answer with a policy. */
export interface PolicyAnswer {
  principalId: string;
  /** It can be evaluated. */
  policy: unknown;
  context?: Readonly<Record<string, unknown>>;
}

/** The JSON object that a function answered; undefined for anything else. */
export function parseAnswer(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The answer, or what is wrong with it. */
export function readPolicyAnswer(answer: Readonly<Record<string, unknown>> | undefined): PolicyAnswer | string {
  if (answer === undefined) return "Authorizer result is not a JSON object";
  const { principalId, policyDocument, context } = answer;
  if (typeof principalId !== "string" || principalId === "") return "Authorizer result has no principalId";
  try {
    evaluatePolicy(policyDocument, { action: "", resource: "", conditions: {} });
  } catch (error) {
    return error instanceof Error ? `Invalid policy document: ${error.message}` : "Invalid policy document";
  }
  const read = readContext(context);
  return typeof read === "string" ? read : { principalId, policy: policyDocument, ...read };
}

/** An answer's context, which may be missing; or what is wrong with it. */
export function readContext(context: unknown): Pick<PolicyAnswer, "context"> | string {
  if (context === undefined || context === null) return {};
  return isObject(context) ? { context } : "Authorizer context is not an object";
}

/** What is wrong with a context whose values must be scalars. */
export function faultOfScalars(context: Readonly<Record<string, unknown>>): string | undefined {
  const [key] = Object.entries(context).find(([, value]) => typeof value === "object") ?? [];
  return key === undefined ? undefined : `Authorizer context has a value that is no scalar: ${key}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
