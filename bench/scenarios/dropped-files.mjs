// 1,000 files dropped at once in a watched folder: until each was delivered, against writing them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, startTripline } from "../tripline.mjs";

export async function droppedFiles(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  try {
    const inbox = join(folder, "inbox");
    mkdirSync(inbox);
    const tripline = await startTripline([
      `${root}/bench/app`,
      "--data-dir",
      join(folder, "data"),
      "--drop",
      `Inbox=${inbox}`,
    ]);
    const begin = performance.now();
    for (let i = 0; i < 1000; i++) writeFileSync(join(inbox, `file-${i}.txt`), "x".repeat(1000));
    const writing = performance.now() - begin;
    await tripline.untilInvocations(1000);
    const took = performance.now() - begin;
    print({
      what: "1,000 files, from the first write to the last invocation",
      value: `${(took / 1000).toFixed(2)} s`,
      ratio: took / writing,
      against: `writing them (${writing.toFixed(0)} ms)`,
      aim: "<= 3 s",
    });
    await tripline.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
