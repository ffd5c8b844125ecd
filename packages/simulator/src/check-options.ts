import { SimulatorError } from "@tripline/kernel";
import type { SimulatorOptions } from "./simulator.ts";

/** What an option may be, in words where its type alone does not say it; `true`: whatever its type says. */
const known: Readonly<Record<keyof SimulatorOptions, true | { is(value: unknown): boolean; words: string }>> = {
  template: true,
  resources: true,
  folder: true,
  parameters: true,
  clock: {
    is: (value) =>
      value === "system" ||
      value === "virtual" ||
      (typeof value === "object" && value !== null && "scaled" in value && Number(value.scaled) > 0),
    words: '"system", "virtual", or { scaled: <times faster> }',
  },
  startAt: { is: (value) => !Number.isNaN(Number(value)), words: "a date, or milliseconds since 1970" },
  dataDir: true,
  seed: true,
  isolation: { is: (value) => value === "process" || value === "inline", words: '"process" or "inline"' },
  listen: true,
  drops: true,
  strict: true,
  userPoolKeys: true,
  scope: true,
  accountConcurrency: true,
  watchCode: true,
  freeze: true,
  runSchedules: true,
  history: true,
  onHouse: true,
};

/** For callers without types: throws `SIM_OPTION_INVALID` for an option that does not exist, or has no meaning with this value. */
export function checkOptions(options: SimulatorOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(known, name))
      throw new SimulatorError("SIM_OPTION_INVALID", {
        what: `createSimulator has no option ${name}.`,
        next: `Its options are ${Object.keys(known).join(", ")}.`,
      });
    const rule = known[name as keyof SimulatorOptions];
    if (rule !== true && !rule.is(value))
      throw new SimulatorError("SIM_OPTION_INVALID", {
        what: `The option ${name} of createSimulator cannot be ${JSON.stringify(value)}.`,
        next: `Give ${rule.words}.`,
      });
  }
}
