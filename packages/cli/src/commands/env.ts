import { defaultScope } from "@tripline/kernel";
import { type Command, Option } from "commander";
import pc from "picocolors";
import { findRunning, requireRunning } from "../running-simulator.ts";
import { toExport, toUnset, type Shell, shells } from "../output/shell-variables.ts";

interface EnvOptions {
  endpoint?: string;
  unset?: true;
  shell: Shell;
  json?: true;
}

const defaultEndpoint = "http://127.0.0.1:4566";
/** What would lead a client elsewhere: a profile's credentials win over variables in some SDKs, and a token belongs to other keys. */
const misleading = ["AWS_PROFILE", "AWS_SESSION_TOKEN"];

/** `tripline env`. */
export function addEnvCommand(program: Command): void {
  program
    .command("env")
    .description('print the variables that lead AWS clients to the simulator of this folder: eval "$(tripline env)"')
    .option(
      "--endpoint <url>",
      `the simulator at this address (default: the one of this folder, else ${defaultEndpoint})`,
    )
    .option("--unset", "print what takes the variables back")
    .addOption(
      new Option("--shell <shell>", "bash (sh and zsh too), fish or powershell").choices(shells).default("bash"),
    )
    .option("--json", "print one JSON object with the variables")
    .action(async (options: EnvOptions) => {
      const variables = toVariables(options.unset === true ? defaultEndpoint : await findEndpoint(options.endpoint));
      if (options.json === true) {
        const shown = options.unset === true ? Object.keys(variables) : variables;
        process.stdout.write(`${JSON.stringify(shown)}\n`);
      } else if (options.unset === true) process.stdout.write(toUnset(options.shell, Object.keys(variables)));
      else process.stdout.write(toExport(options.shell, variables) + toUnset(options.shell, misleading));
    });
}

/** Region and credentials are what functions get, too; any others do as well. */
function toVariables(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: defaultScope.region,
    AWS_DEFAULT_REGION: defaultScope.region,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
}

async function findEndpoint(named: string | undefined): Promise<string> {
  if (named !== undefined) return requireRunning(process.cwd(), named);
  const running = await findRunning(process.cwd());
  if (running !== undefined) return running.endpoint;
  process.stderr.write(`${pc.dim("note")} no simulator of ${process.cwd()} is running: this is the default address\n`);
  return defaultEndpoint;
}
