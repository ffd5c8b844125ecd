import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { killRounds } from "../support/kill-rounds.ts";
import { createInvokeLoad } from "../support/invoke-load.ts";
import { createObjectLoad } from "../support/object-load.ts";
import { createQueueLoad } from "../support/queue-load.ts";
import { root, temporaryFolder } from "../support/tripline-process.ts";

it(
  "kill -9 at twenty seeded moments under load loses nothing acknowledged, brings nothing back that was deleted, and serves nothing half-written",
  { timeout: 180_000 },
  async () => {
    const data = temporaryFolder();
    const notes = join(data.folder, "notes");
    writeFileSync(notes, "");
    try {
      await killRounds({
        args: [
          join(root, "test/apps/durable"),
          "--data-dir",
          join(data.folder, "data"),
          "--parameter",
          `NotesFile=${notes}`,
        ],
        loads: [
          createQueueLoad("work"),
          createQueueLoad("ordered.fifo"),
          createObjectLoad("kept-objects"),
          createInvokeLoad("Note"),
        ],
        rounds: 20,
        seed: Number(process.env["TRIPLINE_KILL_SEED"] ?? 20),
        acknowledgements: [1, 600],
      });
    } finally {
      data.remove();
    }
  },
);
