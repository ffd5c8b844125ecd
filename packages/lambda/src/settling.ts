/**
 * The end of what is in progress: a created function becomes Active, an update Successful. AWS takes seconds for it; here it is the next
 * moment of the clock, which on the virtual clock is the next time that it runs.
 */
import type { Activity, Clock } from "@tripline/kernel";
import type { FunctionRegistry } from "./function-registry.ts";

/** See the module's header. */
export interface Settling {
  /** What is in progress of a function ends soon. */
  begin(functionName: string): void;
  /** The same for whatever an earlier run left in progress. */
  resume(): void;
}

/** See the module's header. */
export function createSettling(options: { clock: Clock; activity: Activity; registry: FunctionRegistry }): Settling {
  const { clock, activity, registry } = options;
  const begin = (functionName: string): void => {
    clock.at(clock.now(), () => {
      void activity.track(`function ${functionName} becoming active`, () => registry.settle(functionName));
    });
  };
  return {
    begin,
    resume() {
      for (const { functionName } of registry.list()) if (registry.isUnsettled(functionName)) begin(functionName);
    },
  };
}
