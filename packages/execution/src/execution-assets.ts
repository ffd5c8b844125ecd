import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Absolute path of a script that runs outside the simulator's own process. The scripts lie in `assets/`: beside `src/` in the
 * repository, and beside the bundle once published.
 */
export function executionAssets(name: string): string {
  const [repository, bundle] = ["../assets/", "./assets/"].map((folder) =>
    fileURLToPath(new URL(`${folder}${name}`, import.meta.url)),
  );
  return repository !== undefined && existsSync(repository) ? repository : (bundle ?? name);
}
