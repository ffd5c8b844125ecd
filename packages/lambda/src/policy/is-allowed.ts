import { evaluatePolicy, PolicyError, type PolicyPrincipal } from "@tripline/kernel";
import type { PolicyStatement } from "./policy-statement.ts";

/** Who asks for what. */
export interface PolicyRequest {
  principal: PolicyPrincipal;
  /** `lambda:InvokeFunction` */
  action: string;
  resource: string;
  /** Condition keys in lower case: `aws:sourcearn`. */
  keys: Readonly<Record<string, string>>;
}

/** Whether a function's policy lets a request in. A policy that cannot be evaluated lets nobody in. */
export function isAllowed(statements: readonly PolicyStatement[], { keys, ...request }: PolicyRequest): boolean {
  try {
    return evaluatePolicy({ Statement: statements }, { ...request, conditions: keys }) === "allow";
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
