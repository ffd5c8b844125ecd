import { execFileSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { basename, delimiter, join, sep } from "node:path";

/** A Python 3 on this machine. */
export interface PythonExecutable {
  file: string;
  /** `3.11`, where its name tells. */
  version?: string;
}

/** A version manager's stand-in: it is there for versions that are not installed, and slow to start. */
const isShim = (file: string): boolean => file.includes(`${sep}shims${sep}`);

/** `python3.<version>` where the PATH has it, else `python3` whatever it is; undefined where there is neither. */
export function findPython(version: string, path: string): PythonExecutable | undefined {
  const exact = findOnPath(
    `python${version}`,
    path
      .split(delimiter)
      .filter((folder) => !isShim(folder + sep))
      .join(delimiter),
  );
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

/** The program behind `file`: what a version manager's stand-in stands for is asked once, which takes a moment. */
export function realPython(file: string): string {
  if (!isShim(file)) return file;
  let real = asked.get(file);
  if (real === undefined) {
    real = execFileSync(file, ["-c", "import sys; print(sys.executable)"], {
      encoding: "utf8",
      timeout: 10_000,
    }).trim();
    asked.set(file, real);
  }
  return real;
}

const asked = new Map<string, string>();
