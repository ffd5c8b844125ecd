/**
 * `AWS_LAMBDA_EXEC_WRAPPER`: a script that starts the runtime in its stead, with the runtime's own command line as its arguments.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 *
 * Managed runtimes honour it; a `provided.*` bootstrap is the function's own affair. One that is not there ends with status 127, as on Lambda.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FunctionSpec } from "@tripline/kernel";

/** A command line. */
export interface Command {
  file: string;
  args: readonly string[];
}

/** Where the function's wrapper lies on this machine; undefined where it has none. */
export function findExecWrapper(spec: FunctionSpec): string | undefined {
  const path = spec.environment.AWS_LAMBDA_EXEC_WRAPPER;
  if (path === undefined || path === "") return undefined;
  if (path.startsWith("/var/task/")) return join(spec.codeFolder, path.slice("/var/task/".length));
  if (!path.startsWith("/opt/")) return path;
  const places = spec.layerFolders.toReversed().map((layer) => join(layer, path.slice("/opt/".length)));
  return places.find((place) => existsSync(place)) ?? path;
}

/** `command`, started by `wrapper`. */
export function wrapCommand(wrapper: string | undefined, command: Command): Command {
  const { file, args } = command;
  if (wrapper === undefined) return command;
  if (process.platform === "win32") return { file: wrapper, args: [file, ...args] };
  return { file: "/bin/sh", args: ["-c", 'exec "$0" "$@"', wrapper, file, ...args] };
}
