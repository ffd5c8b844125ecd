/**
 * Whether this machine can run a runtime, and what to tell the user: a function that asks for another version than the machine has
 * runs on the nearest one, with one notice. Looks at names on the PATH only; nothing is started for it.
 */
import { findPython, type PythonExecutable } from "./python-executable.ts";
import { allRuntimeNames, parseRuntimeName } from "./runtime-names.ts";

/** Can run, perhaps on another version; or cannot, and why. */
export type RuntimeDescription = { supported: true; notice?: string } | { supported: false; reason: string };

/** What there is on a machine. */
export interface MachineRuntimes {
  /** `20.20.2`. */
  nodeVersion: string;
  python: (version: string) => PythonExecutable | undefined;
}

/** This machine. */
export function thisMachine(): MachineRuntimes {
  return { nodeVersion: process.versions.node, python: (version) => findPython(version, process.env["PATH"] ?? "") };
}

/** See the module's header. */
export function describeRuntime(runtime: string, machine: MachineRuntimes): RuntimeDescription {
  const name = parseRuntimeName(runtime);
  if (name === undefined) {
    return { supported: false, reason: `${runtime} is no Lambda runtime: there are ${allRuntimeNames().join(", ")}` };
  }
  switch (name.family) {
    case "nodejs": {
      const isSame = machine.nodeVersion.split(".")[0] === name.version;
      return isSame ? { supported: true } : { supported: true, notice: `runs on Node.js ${machine.nodeVersion}` };
    }
    case "python":
      return describePython(runtime, name.version, machine);
    case "provided":
      return { supported: true };
    default:
      return {
        supported: false,
        reason: `${runtime} cannot be run: Tripline runs nodejs*, python3.* and provided.*; package the function for provided.al2023 with a bootstrap of its own`,
      };
  }
}

function describePython(runtime: string, version: string, machine: MachineRuntimes): RuntimeDescription {
  const python = machine.python(version);
  if (python === undefined) {
    return { supported: false, reason: `${runtime} cannot be run: there is no python3 on the PATH; install Python 3` };
  }
  if (python.version === version) return { supported: true };
  return {
    supported: true,
    notice: `runs on ${python.version === undefined ? python.file : `Python ${python.version}`}`,
  };
}
