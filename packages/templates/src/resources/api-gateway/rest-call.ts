import type { PlannedCall } from "../../template-plan.ts";

/** A call of API Gateway v1; members that are undefined are left out. */
export function restCall(operation: string, input: Readonly<Record<string, unknown>>): PlannedCall {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return { service: "apigateway", operation, input: Object.fromEntries(given) };
}
