import type { PlannedCall } from "../../template-plan.ts";

/** A call of API Gateway v2; members that are undefined are left out. */
export function httpCall(operation: string, input: Readonly<Record<string, unknown>>): PlannedCall {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return { service: "apigatewayv2", operation, input: Object.fromEntries(given) };
}
