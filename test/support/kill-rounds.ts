/**
 * kill -9 at chosen moments, again and again, on one data directory.
 *
 * A load is given an endpoint, works until its client gets no answers any more, and remembers what was acknowledged. The kill comes
 * after a seeded number of acknowledgements of all loads together, so that a seed repeats a run as far as two processes allow.
 * To add one: implement {@link Load}, and name it in test/end-to-end/kill-rounds.test.ts.
 */
import { createChance, type Chance } from "./seeded-chance.ts";
import { createRawClient, type RawClient } from "./raw-client.ts";
import { RunningTripline } from "./tripline-process.ts";

/** What is done to the simulator while it is killed, and what must be true afterwards. */
export interface Load {
  readonly name: string;
  /** Works until `client` gets no answer; calls `acknowledged` after each thing that was acknowledged and noted down. */
  run(client: RawClient, chance: Chance, acknowledged: () => void): Promise<void>;
  /** After each restart, before more load: throws where something is wrong already. */
  checkAfterRestart?(client: RawClient): Promise<void>;
  /** After the last restart: throws where something acknowledged is lost, or something undone came back. */
  checkAtEnd(client: RawClient): Promise<void>;
}

/** Kills `rounds` times under `loads`, then checks. `args`: of `tripline start`, `--data-dir` among them. */
export async function killRounds(options: {
  args: readonly string[];
  loads: readonly Load[];
  rounds: number;
  seed: number;
  /** A kill comes after so many acknowledgements, from the fewest to the most. */
  acknowledgements: readonly [number, number];
}): Promise<void> {
  const { args, loads, rounds, seed, acknowledgements } = options;
  const chance = createChance(seed);
  for (let round = 0; round <= rounds; round++) {
    const running = await RunningTripline.start(args);
    const client = createRawClient(running.ready.endpoint);
    try {
      for (const load of loads) if (round > 0) await load.checkAfterRestart?.(client);
      if (round === rounds) {
        await Promise.all(loads.map((load) => load.checkAtEnd(client)));
        continue;
      }
      let left = chance.between(...acknowledgements);
      let killed: Promise<void> | undefined;
      const acknowledged = (): void => {
        left--;
        if (left <= 0) killed ??= running.kill();
      };
      await Promise.all(
        loads.map((load, index) => load.run(client, createChance(seed + round * 101 + index), acknowledged)),
      );
      await (killed ?? running.kill());
    } catch (error) {
      throw new Error(
        `round ${round + 1} of ${rounds}, seed ${seed}: ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );
    } finally {
      client.close();
      await running.kill();
    }
  }
}
