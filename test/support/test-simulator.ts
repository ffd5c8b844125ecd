/** A simulator whose records are where the project of vitest.config.ts keeps them: in memory, or on a file. */
import { createSimulator, type Simulator } from "tripline";
import { makeTestDataDir } from "../../packages/storage/src/testing/open-test-database.ts";

/** What the file holds is removed when it stops. */
export async function createTestSimulator(options: Parameters<typeof createSimulator>[0]): Promise<Simulator> {
  const { dataDir, remove } = makeTestDataDir();
  const simulator = await createSimulator({ ...(dataDir === undefined ? {} : { dataDir }), ...options });
  const stop = async (): Promise<void> => {
    await simulator.stop();
    remove();
  };
  return { ...simulator, stop, [Symbol.asyncDispose]: stop };
}
