import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { SimulatorError } from "@tripline/kernel";
import { parseTemplate } from "./parse-template.ts";
import type { MapNode } from "./template-node.ts";

/** The names that are looked for in a folder, in this order. */
export const templateNames: readonly string[] = ["template.yaml", "template.yml", "template.json"];

/** A template that was read. */
export interface ReadTemplate {
  /** Absolute path. */
  file: string;
  root: MapNode;
}

/** Reads a template file, or the one in a folder. Throws `SIM_TEMPLATE_NOT_FOUND`, and what {@link parseTemplate} throws. */
export function readTemplate(path: string): ReadTemplate {
  const given = resolve(path);
  const file = isFolder(given) ? findIn(given) : given;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new SimulatorError(
      "SIM_TEMPLATE_NOT_FOUND",
      {
        what: `The template cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        where: file,
        next: `Name a template file, or a folder that holds one of ${templateNames.join(", ")}.`,
      },
      { cause: error },
    );
  }
  return { file, root: parseTemplate(file, text.replace(/^\uFEFF/, "")) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function findIn(folder: string): string {
  for (const name of templateNames) {
    const file = join(folder, name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
  }
  throw new SimulatorError("SIM_TEMPLATE_NOT_FOUND", {
    what: "The folder holds no template.",
    where: folder,
    next: `Name a template file, or put one of ${templateNames.join(", ")} into the folder.`,
  });
}
