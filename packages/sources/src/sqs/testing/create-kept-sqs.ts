import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestSqs, type TestSqs } from "./create-test-sqs.ts";

/** SQS on a file: `restart` stops it, and starts another on the same file, `laterMs` later on the clock. */
export interface KeptSqs extends AsyncDisposable {
  test: TestSqs;
  restart(laterMs?: number): Promise<void>;
}

/** See {@link KeptSqs}. */
export async function createKeptSqs(): Promise<KeptSqs> {
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-sqs-"));
  const kept: KeptSqs = {
    test: await createTestSqs({ dataDir }),
    async restart(laterMs = 0) {
      const startMs = kept.test.clock.now() + laterMs;
      await kept.test.stop();
      kept.test = await createTestSqs({ dataDir, startMs });
    },
    async [Symbol.asyncDispose]() {
      await kept.test.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return kept;
}
