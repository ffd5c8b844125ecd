import { accessSync, constants, realpathSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/** A Python 3 on this machine. */
export interface PythonExecutable {
  file: string;
  /** `3.11`, where its name tells. */
  version?: string;
}

/** `python3.<version>` where the PATH has it, else `python3` whatever it is; undefined where there is neither. */
export function findPython(version: string, path: string): PythonExecutable | undefined {
  const exact = findOnPath(`python${version}`, path);
  if (exact !== undefined && version.startsWith("3.")) return { file: exact, version };
  const any = findOnPath("python3", path);
  if (any === undefined) return undefined;
  const told = /^python(3\.\d+)$/.exec(basename(realpathSync(any)))?.[1];
  return told === undefined ? { file: any } : { file: any, version: told };
}

function findOnPath(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === "") continue;
    const file = join(folder, process.platform === "win32" ? `${name}.exe` : name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue; // not in this folder
    }
  }
  return undefined;
}
