/**
 * Which runtimes there are, and how a process of each is started.
 * To add one: describe it in `describe`, and say in `launch` what to run.
 */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import type { FunctionSpec } from "@tripline/kernel";
import { toNodePath } from "./environment-variables.ts";

/** Whether a runtime can run here. `notice`: how it differs from what was asked for. */
export type RuntimeDescription = { supported: true; notice?: string } | { supported: false; reason: string };

/** How to start a runtime's process. */
export type RuntimeLaunch =
  /** Our own Node.js runtime: a process that booted ahead takes the function's part. `major`: the version that the function declares. */
  | { kind: "node"; major: number; variables: Readonly<Record<string, string>> }
  /** A program that speaks to the Runtime API. */
  | {
      kind: "program";
      file: string;
      args: readonly string[];
      /** `unix`: `AWS_LAMBDA_RUNTIME_API` is a socket's path. `tcp`: `127.0.0.1:port`, as AWS's own clients expect. */
      transport: "unix" | "tcp";
      /** Whether it reads `Tripline-Now-Ms` and shows simulated time. */
      simulatesTime: boolean;
      variables: Readonly<Record<string, string>>;
    }
  | { kind: "refused"; errorType: string; errorMessage: string };

/** The runtimes that the manager knows. */
export interface RuntimeSupport {
  describe(runtime: string): RuntimeDescription;
  launch(spec: FunctionSpec): RuntimeLaunch;
}

/** Node.js by our own bootstrap, `provided.*` by the function's own. */
export function createRuntimeSupport(): RuntimeSupport {
  const machineMajor = Number(process.versions.node.split(".")[0]);
  const describe = (runtime: string): RuntimeDescription => {
    const major = nodeMajor(runtime);
    if (major !== undefined) {
      return major === machineMajor
        ? { supported: true }
        : { supported: true, notice: `${runtime} runs on this machine's Node.js ${process.versions.node}.` };
    }
    if (/^provided(\.|$)/.test(runtime)) return { supported: true };
    return { supported: false, reason: `The runtime ${runtime} cannot run on this machine.` };
  };
  return {
    describe,
    launch(spec) {
      const major = nodeMajor(spec.runtime);
      if (major !== undefined) return { kind: "node", major, variables: { NODE_PATH: toNodePath(spec, major) } };
      const described = describe(spec.runtime);
      if (!described.supported) {
        return { kind: "refused", errorType: "Runtime.InvalidEntrypoint", errorMessage: described.reason };
      }
      const file = [spec.codeFolder, ...spec.layerFolders.toReversed()]
        .map((folder) => join(folder, "bootstrap"))
        .find(isExecutable);
      if (file === undefined) {
        const errorMessage = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
        return { kind: "refused", errorType: "Runtime.InvalidEntrypoint", errorMessage };
      }
      return { kind: "program", file, args: [], transport: "tcp", simulatesTime: false, variables: {} };
    },
  };
}

function nodeMajor(runtime: string): number | undefined {
  const match = /^nodejs(\d+)\.x$/.exec(runtime);
  return match === null ? undefined : Number(match[1]);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
