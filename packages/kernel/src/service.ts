import type { Activity } from "./activity.ts";
import type { Operation, Operations, Service } from "./ports/operation.ts";

/** Options of {@link createService}. */
export interface ServiceOptions extends Pick<Service, "id" | "note" | "refusedOperations" | "crossOrigin"> {
  activity: Activity;
  /** Builds the operations; called once. Imports their code, so that a start does not compile what nobody calls. */
  operations: () => Promise<readonly Operation[]>;
}

/** A service whose operations are loaded when the first of them is wanted. */
export function createService({ activity, operations, ...facts }: ServiceOptions): Service {
  let loaded: Operations | undefined;
  let loading: Promise<Operations> | undefined;
  return {
    ...facts,
    get operations() {
      return loaded;
    },
    load: () =>
      (loading ??= activity.track(`the operations of ${facts.id}`, async () => {
        loaded = new Map((await operations()).map((operation) => [operation.name, operation]));
        return loaded;
      })),
  };
}

/** The operation `name` of `service`; undefined where it has none. */
export async function findOperation(service: Service, name: string): Promise<Operation | undefined> {
  return (service.operations ?? (await service.load())).get(name);
}
