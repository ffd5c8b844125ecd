/**
 * Which runtimes there are, and how a process of each is started.
 * To add one: name it in `runtimes/runtime-names.ts`, describe it in `runtimes/describe-runtime.ts`, and say in `launch` what to run.
 */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import type { FunctionSpec } from "@tripline/kernel";
import { toNodePath } from "./environment-variables.ts";
import { findExecWrapper, wrapCommand } from "./exec-wrapper.ts";
import { executionAssets } from "./execution-assets.ts";
import { describeRuntime, type RuntimeDescription, thisMachine } from "./runtimes/describe-runtime.ts";
import { realPython } from "./runtimes/python-executable.ts";
import { parseRuntimeName } from "./runtimes/runtime-names.ts";

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

/** Node.js and Python by our own bootstraps, `provided.*` by the function's own. `virtualTime`: processes show simulated time. */
export function createRuntimeSupport(options: { virtualTime: boolean }): RuntimeSupport {
  const machine = thisMachine();
  const described = new Map<string, RuntimeDescription>();
  const describe = (runtime: string): RuntimeDescription => {
    let description = described.get(runtime);
    if (description === undefined) {
      description = describeRuntime(runtime, machine);
      described.set(runtime, description);
    }
    return description;
  };
  return {
    describe,
    launch(spec) {
      const name = parseRuntimeName(spec.runtime);
      const description = describe(spec.runtime);
      if (!description.supported || name === undefined) {
        const errorMessage = description.supported ? spec.runtime : description.reason;
        return { kind: "refused", errorType: "Runtime.InvalidEntrypoint", errorMessage };
      }
      if (name.family === "nodejs") {
        const major = Number.parseInt(name.version, 10);
        return { kind: "node", major, variables: { NODE_PATH: toNodePath(spec, major) } };
      }
      if (name.family === "python")
        return launchPython(spec, realPython(machine.python(name.version)?.file ?? "python3"), options.virtualTime);
      return launchBootstrap(spec);
    },
  };
}

function launchPython(spec: FunctionSpec, file: string, virtualTime: boolean): RuntimeLaunch {
  return {
    kind: "program",
    // -u: what a handler prints is in the log before its answer.
    ...wrapCommand(findExecWrapper(spec), { file, args: ["-u", executionAssets("python/bootstrap.py")] }),
    transport: "unix",
    simulatesTime: true,
    variables: {
      LC_CTYPE: "C.UTF-8",
      PYTHONPATH: spec.layerFolders
        .flatMap((layer) => [
          join(layer, "python"),
          join(layer, `python/lib/${spec.runtime}/site-packages`), // as layers are built: for the runtime that is declared
        ])
        .join(":"),
      PYTHONDONTWRITEBYTECODE: "1", // The code folder is the user's own: nothing is written there.
      ...(virtualTime ? { TRIPLINE_VIRTUAL_TIME: "1" } : {}),
    },
  };
}

function launchBootstrap(spec: FunctionSpec): RuntimeLaunch {
  const file = [spec.codeFolder, ...spec.layerFolders.toReversed()]
    .map((folder) => join(folder, "bootstrap"))
    .find(isExecutable);
  if (file === undefined) {
    const errorMessage = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    return { kind: "refused", errorType: "Runtime.InvalidEntrypoint", errorMessage };
  }
  return { kind: "program", file, args: [], transport: "tcp", simulatesTime: false, variables: {} };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
