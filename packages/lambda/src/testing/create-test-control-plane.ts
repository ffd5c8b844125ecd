import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity, createRng, defaultScope, isServiceError, type MappingTags, VirtualClock } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation } from "@tripline/kernel/testing";
import { createDocumentStore, openDatabase } from "@tripline/storage";
import { type ControlPlane, createControlPlane } from "../control-plane.ts";
import { createControlPlaneOperations } from "../operations/index.ts";
import { listTagsOperation, tagResourceOperation, untagResourceOperation } from "../operations/tags.ts";

/** A control plane on a virtual clock, with its operations. */
export interface TestControlPlane extends Disposable {
  plane: ControlPlane;
  clock: VirtualClock;
  /** Folder of the code store. */
  codeFolder: string;
  /** Calls an operation; with `settle` (the default) what it began is over when it resolves. */
  call(name: string, input: object, options?: { upsert?: boolean; settle?: boolean }): Promise<Record<string, unknown>>;
  /** The code, status and message of what an operation refuses. */
  refusal(name: string, input: object): Promise<unknown>;
  /** Another control plane on the same documents and folder, as after a restart. */
  reopen(): Promise<ControlPlane>;
}

/** An archive of one file, `index.js`. */
export async function zipOf(content: string): Promise<Uint8Array> {
  const { packFile } = await import("../code/pack-archive.ts");
  return packFile("index.js", content);
}

const noMappings = (): MappingTags => ({ get: () => undefined, put: () => Promise.resolve() });

/** See {@link TestControlPlane}. */
export function createTestControlPlane(): TestControlPlane {
  const folder = mkdtempSync(join(tmpdir(), "tripline-control-plane-"));
  const activity = new Activity();
  const clock = new VirtualClock({ activity, realTime });
  const database = openDatabase({ dataDir: undefined, activity });
  const open = (): ControlPlane =>
    createControlPlane({
      clock,
      activity,
      rng: createRng("lambda"),
      scope: defaultScope,
      documents: createDocumentStore(database),
      folder,
      readObject: () => Promise.reject(new Error("there is no S3")),
      execution: { describeRuntime: () => ({ supported: true }) },
      accountConcurrency: 1000,
    });
  const plane = open();
  const operations = [
    ...createControlPlaneOperations(plane.house),
    tagResourceOperation(plane.house, noMappings),
    untagResourceOperation(plane.house, noMappings),
    listTagsOperation(plane.house, noMappings),
  ];
  const call: TestControlPlane["call"] = async (name, input, { upsert = false, settle = true } = {}) => {
    const output = await callOperation<Record<string, unknown>>(operations, name, input, { upsert });
    if (settle) await clock.settle();
    return output;
  };
  return {
    plane,
    clock,
    codeFolder: join(folder, "code"),
    call,
    async refusal(name, input) {
      try {
        await call(name, input);
      } catch (error) {
        if (isServiceError(error)) return [error.code, error.status, error.message];
        throw error;
      }
      return "no error";
    },
    async reopen() {
      const again = open();
      await again.load();
      return again;
    },
    [Symbol.dispose]() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
