import type { MappingReport, Simulator } from "../simulator.ts";

/** What a running simulator holds, as `tripline status` shows it. */
export interface SimulatorStatus {
  endpoint: string | undefined;
  pid: number;
  template: string | undefined;
  clock: { mode: string; now: string };
  functions: { name: string; runtime: string; invocations: number; errors: number }[];
  apis: { id: string; name: string; type: string; url: string }[];
  queues: { name: string; visible: number; inFlight: number; delayed: number }[];
  mappings: { source: string; functionName: string; state: string; counts: MappingReport["counts"] }[];
  schedules: { name: string; expression: string; timezone: string; state: string; next: string | null }[];
  drops: { bucket: string; folder: string }[];
  environments: { functionName: string; state: string; pid: number | null }[];
}

/** Asks every part. */
export async function simulatorStatus(simulator: Simulator): Promise<SimulatorStatus> {
  const { house, clock } = simulator;
  const invocations = house.book.invocationCounts();
  const endpoint = simulator.endpoint;
  return {
    endpoint,
    pid: process.pid,
    template: simulator.plan?.file,
    clock: { mode: clock.mode, now: new Date(clock.now()).toISOString() },
    functions: house.registry.list().map(({ functionName, runtime }) => ({
      name: functionName,
      runtime,
      ...(invocations.get(functionName) ?? { invocations: 0, errors: 0 }),
    })),
    apis: house.gateway
      .apis()
      .map(({ id, name, type }) => ({ id, name, type, url: house.gateway.url(id, endpoint ?? "") })),
    queues: await Promise.all(
      house.sqs.list().map(async ({ name }) => ({ name, ...(await simulator.sqs.depth(name)) })),
    ),
    mappings: simulator
      .mappings()
      .map(({ eventSourceArn: source, functionName, state, counts }) => ({ source, functionName, state, counts })),
    schedules: simulator.schedules().map((schedule) => {
      const next = schedule.state === "ENABLED" ? schedule.next(clock.now()) : undefined;
      return {
        name: schedule.name,
        expression: schedule.expression,
        timezone: schedule.timezone,
        state: schedule.state,
        next: next === undefined ? null : new Date(next).toISOString(),
      };
    }),
    drops: simulator.drops.map(({ bucket, folder }) => ({ bucket, folder })),
    environments: house.execution
      .environments()
      .map(({ functionName, state, pid }) => ({ functionName, state, pid: pid ?? null })),
  };
}
