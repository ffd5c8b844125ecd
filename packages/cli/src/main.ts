import { isServiceError, isSimulatorError } from "@tripline/kernel";
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { addEnvCommand } from "./commands/env.ts";
import { addInvokeCommand } from "./commands/invoke.ts";
import { addLogsCommand } from "./commands/logs.ts";
import { addReplayCommand } from "./commands/replay.ts";
import { addSchedulesCommand } from "./commands/schedules.ts";
import { addStartCommand } from "./commands/start.ts";
import { addStatusCommand } from "./commands/status.ts";
import { exitCode, UsageError } from "./exit-code.ts";
import { version } from "./version.ts";

/** Runs the command line `args` (without node and script) and resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  // Whoever read our output has seen enough (`tripline logs | head`): the spawn helper ends what is left.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exitCode.ok);
  });
  const program = createProgram();
  let code: number = exitCode.ok;
  program.hook("preAction", (_program, action) => {
    action.setOptionValueWithSource(
      "finish",
      (value: number) => {
        code = value;
      },
      "implied",
    );
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return report(error);
  }
}

/** The whole command line, as commander has it. */
export function createProgram(): Command {
  const program = new Command("tripline")
    .description("Run event-driven AWS applications on this machine: no Docker, no AWS account.")
    .version(version, "-v, --version")
    .showHelpAfterError("(run with --help for all options)")
    .exitOverride();
  addStartCommand(program);
  addInvokeCommand(program);
  addReplayCommand(program);
  addSchedulesCommand(program);
  addStatusCommand(program);
  addLogsCommand(program);
  addEnvCommand(program);
  for (const command of program.commands) command.exitOverride();
  program.addHelpText(
    "after",
    `
Examples:
  tripline start                                  run the template in this folder
  tripline start --drop uploads=./inbox           files dropped in ./inbox become objects of the bucket uploads
  tripline invoke orders --event event.json       call a function
  tripline replay fixtures/events                 send recorded events through their triggers
  tripline schedules run --from 2026-03-01 --to 2026-04-01`,
  );
  return program;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage; // commander has printed it
  if (error instanceof UsageError) {
    process.stderr.write(
      `${pc.red("error:")} ${error.message}\n${error.next === undefined ? "" : `  ${error.next}\n`}`,
    );
    return exitCode.usage;
  }
  if (isSimulatorError(error)) {
    process.stderr.write(`${pc.red("error:")} ${error.message}\n`);
    return exitCode.usage;
  }
  if (isServiceError(error)) {
    process.stderr.write(`${pc.red("error:")} ${error.code}: ${error.message}\n`);
    return exitCode.usage;
  }
  process.stderr.write(
    `${pc.red("bug:")} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitCode.failed;
}
