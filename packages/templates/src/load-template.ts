import { basename, dirname, resolve } from "node:path";
import type { Scope } from "@tripline/kernel";
import { planTemplate } from "./plan-template.ts";
import { fromObject } from "./read/from-object.ts";
import { includeFiles } from "./read/include-files.ts";
import { readTemplate } from "./read/read-template.ts";
import type { TemplatePlan } from "./template-plan.ts";

/** What {@link loadTemplate} takes. */
export interface LoadTemplateOptions {
  /** A template file, or the folder that holds one. With `document`, the file that it stands for: relative code folders start beside it. */
  path: string;
  /** The template as an object, in place of a file. */
  document?: { Resources: Record<string, unknown> };
  /** Values for the template's parameters. */
  parameters?: Readonly<Record<string, string>>;
  scope: Scope;
  /** Default: the name of the folder. */
  stackName?: string;
}

/**
 * Reads a SAM or CloudFormation template and plans it. Throws one `SimulatorError` with file and line: `SIM_TEMPLATE_NOT_FOUND`,
 * `SIM_TEMPLATE_SYNTAX`, `SIM_TEMPLATE_INVALID`, `SIM_TEMPLATE_REFERENCE`, `SIM_TEMPLATE_CYCLE` or `SIM_TEMPLATE_PARAMETER`.
 */
export function loadTemplate(options: LoadTemplateOptions): TemplatePlan {
  const { path, document, scope } = options;
  const read =
    document === undefined ? readTemplate(path) : { file: resolve(path), root: fromObject(resolve(path), document) };
  return planTemplate({
    file: read.file,
    root: includeFiles(read.root),
    parameters: options.parameters ?? {},
    scope,
    stackName: options.stackName ?? toStackName(basename(dirname(read.file))),
  });
}

/** A stack's name: letters, digits and hyphens, a letter first. */
function toStackName(folder: string): string {
  const legal = folder.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return (/^[A-Za-z]/.test(legal) ? legal : `stack${legal === "" ? "" : `-${legal}`}`).slice(0, 128);
}
