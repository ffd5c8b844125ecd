import { parseArn } from "@tripline/kernel";
import { eventBusNotFound } from "../errors.ts";

/** Whether `EventBusName` (a name or an ARN; absent means the default bus) names the only bus there is. */
export function isDefaultBus(eventBusName: string | undefined): boolean {
  if (eventBusName === undefined || eventBusName === "default") return true;
  return parseArn(eventBusName)?.resource === "event-bus/default";
}

/** Throws `ResourceNotFoundException` for any other bus. */
export function requireDefaultBus(eventBusName: string | undefined): void {
  if (!isDefaultBus(eventBusName)) throw eventBusNotFound(eventBusName ?? "");
}
