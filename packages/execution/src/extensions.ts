import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";

/** Names of the external extensions in a function's layers (`/opt/extensions`). */
export function findExtensions(layerFolders: readonly string[]): string[] {
  return layerFolders.flatMap((layer) => {
    const folder = join(layer, "extensions");
    return list(folder).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  });
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // Most layers have none.
  }
}
