/**
 * Brings the simulator to what a template asks for, as a stack update does.
 *
 * A1. Resources are created or updated in dependency order, through the same operations that the AWS API calls.
 * A2. What an earlier plan of this stack created, and this one no longer has, is deleted; what was made through the API is left alone.
 * A3. The first refusal stops the plan, and names the resource and its line.
 * A4. What a call answers with and later ones name, such as a version's number, is put in its place.
 */
import {
  type CallContext,
  type DocumentStore,
  findOperation,
  isServiceError,
  type Service,
  SimulatorError,
} from "@tripline/kernel";
import { type PlannedCall, type PlannedResource, type TemplatePlan, withMadeValues } from "@tripline/templates";

/** What {@link applyPlan} needs. */
export interface ApplyPlanOptions {
  plan: TemplatePlan;
  services: ReadonlyMap<string, Service>;
  documents: DocumentStore;
  /** The context of a call that comes from no client. */
  context: () => CallContext;
}

const kind = "stack";

/** What is kept of an applied plan: enough to delete what leaves it. */
interface AppliedResource {
  logicalId: string;
  type: string;
  physicalId: string;
  /** What stood for `physicalId` before everything in it was known; absent where that is the same (A4). */
  plannedId?: string;
  removal: PlannedCall[];
}

/** See the module's header. Resolves with the plan as it was carried out: what became known on the way is in it (A4). */
export async function applyPlan(options: ApplyPlanOptions): Promise<TemplatePlan> {
  const { plan, documents } = options;
  const before = (await documents.get<AppliedResource[]>(kind, plan.stackName)) ?? [];
  const wanted = new Set(plan.resources.map(identity));
  const remove = async (resources: AppliedResource[]): Promise<void> => {
    for (const gone of resources.reverse()) {
      for (const call of gone.removal) await run(options, call, `${gone.logicalId} (${gone.type})`, true); // A2
    }
  };
  await remove(before.filter((one) => !wanted.has(plannedIdentity(one))));
  const made = new Map<string, unknown>();
  for (const resource of plan.resources) {
    let output: unknown;
    for (const call of resource.calls) {
      output = await run(
        options,
        { ...call, input: withMadeValues(call.input, made) },
        `${plan.file}:${resource.line}, resource ${resource.logicalId} (${resource.type})`,
        false,
      );
    }
    for (const [stands, member] of Object.entries(resource.makes ?? {})) {
      made.set(stands, (output as Record<string, unknown>)[member]);
    }
  }
  const done = {
    ...plan,
    resources: withMadeValues(plan.resources, made),
    outputs: withMadeValues(plan.outputs, made),
  };
  const removals = new Map(
    plan.resources.flatMap((one, index) => {
      const removal = JSON.stringify(done.resources[index]?.removal);
      return removal === JSON.stringify(one.removal) ? [] : [[identity(one), removal] as const];
    }),
  );
  const isReplaced = (one: AppliedResource): boolean => {
    const removal = removals.get(plannedIdentity(one));
    return removal !== undefined && removal !== JSON.stringify(one.removal);
  };
  await remove(before.filter(isReplaced)); // A4: what it is now has another number
  await documents.put(
    kind,
    plan.stackName,
    done.resources.map((one, index) => toApplied(one, plan.resources[index]?.physicalId)),
  );
  return done;
}

function identity(resource: Pick<AppliedResource, "type" | "physicalId">): string {
  return `${resource.type} ${resource.physicalId}`;
}

function plannedIdentity({ type, physicalId, plannedId }: AppliedResource): string {
  return identity({ type, physicalId: plannedId ?? physicalId });
}

function toApplied(
  { logicalId, type, physicalId, removal }: PlannedResource,
  plannedId: string | undefined,
): AppliedResource {
  return {
    logicalId,
    type,
    physicalId,
    ...(plannedId === undefined || plannedId === physicalId ? {} : { plannedId }),
    removal,
  };
}

async function run(options: ApplyPlanOptions, call: PlannedCall, where: string, isRemoval: boolean): Promise<unknown> {
  const service = options.services.get(call.service);
  const operation = service === undefined ? undefined : await findOperation(service, call.operation);
  if (operation === undefined) {
    throw new SimulatorError("SIM_TEMPLATE_UNSUPPORTED", {
      what: `The operation ${call.service}:${call.operation} is not simulated.`,
      where,
      next: "Remove the resource from the template, or run it against AWS.",
    });
  }
  const refused = Object.keys(call.input).find((member) => operation.refused?.[member] !== undefined);
  if (refused !== undefined) {
    throw new SimulatorError("SIM_TEMPLATE_UNSUPPORTED", {
      what: `${refused} of ${call.operation} is not simulated: ${operation.refused?.[refused] ?? ""}.`,
      where,
      next: "Remove the property from the template, or run it against AWS.",
    });
  }
  try {
    return await operation.run(call.input as never, { ...options.context(), upsert: true });
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (isRemoval && error.status === 404) return undefined; // already gone: that is what was wanted
    throw new SimulatorError(
      "SIM_TEMPLATE_REFUSED",
      {
        what: `${call.operation} was refused: ${error.code}: ${error.message}`, // A3
        where,
        next: "Change the resource so that AWS would accept it.",
      },
      { cause: error },
    );
  }
}
