import { readdir, readFile, readlink } from "node:fs/promises";

/**
 * Absolute paths under `root` that some process has open for writing; undefined where this machine cannot tell (it has no `/proc`).
 * Processes of other users are not seen unless we are root.
 */
export async function filesOpenForWriting(root: string): Promise<ReadonlySet<string> | undefined> {
  const processes = await readdir("/proc").catch((): string[] => []);
  if (!processes.includes("self")) return undefined;
  const open = new Set<string>();
  for (const process of processes) {
    if (!/^\d+$/.test(process)) continue;
    const descriptors = await readdir(`/proc/${process}/fd`).catch((): string[] => []); // ended meanwhile, or not ours
    const paths = await Promise.all(
      descriptors.map((descriptor) => readlink(`/proc/${process}/fd/${descriptor}`).catch(() => "")),
    );
    for (const [index, path] of paths.entries()) {
      if (!path.startsWith(root) || open.has(path)) continue;
      const facts = await readFile(`/proc/${process}/fdinfo/${descriptors[index] ?? ""}`, "utf8").catch(() => "");
      const flags = /^flags:\s*(\d+)/m.exec(facts)?.[1];
      if (flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0) open.add(path);
    }
  }
  return open;
}
