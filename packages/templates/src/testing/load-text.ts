import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultScope, isSimulatorError } from "@tripline/kernel";
import { loadTemplate, type TemplatePlan } from "../index.ts";

/** Options of {@link loadText}. */
export interface LoadTextOptions {
  parameters?: Record<string, string>;
  /** Default `template.yaml`. */
  name?: string;
  /** Other files of the folder, by their names. */
  files?: Readonly<Record<string, string>>;
}

/** Loads a template text from a folder that holds `code/`, and is gone afterwards. Stack `app`. */
export function loadText(text: string, options: LoadTextOptions = {}): TemplatePlan {
  return inFolder(text, options, (file) =>
    loadTemplate({ path: file, scope: defaultScope, stackName: "app", parameters: options.parameters ?? {} }),
  );
}

/** The message of the `SimulatorError` that loading throws, the folder left out. */
export function loadError(text: string, options: LoadTextOptions = {}): string {
  return inFolder(text, options, (file, folder) => {
    try {
      loadTemplate({ path: file, scope: defaultScope, stackName: "app", parameters: options.parameters ?? {} });
    } catch (error) {
      if (isSimulatorError(error) && error instanceof Error) return error.message.replaceAll(`${folder}/`, "");
      throw error;
    }
    return "no error";
  });
}

/** The calls of one resource of a template of these resources, and what is reported. */
export function planOf(resources: string, logicalId: string): object {
  const text = `Resources:\n${indent(resources)}`;
  return inFolder(text, {}, (file, folder) => {
    const plan = loadTemplate({ path: file, scope: defaultScope, stackName: "app" });
    const found = plan.resources.filter((one) => one.logicalId === logicalId);
    return JSON.parse(
      JSON.stringify({ found, unsupported: plan.unsupported, withoutLocalEffect: plan.withoutLocalEffect }).replaceAll(
        folder,
        "/app",
      ),
    ) as object;
  });
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

function inFolder<T>(
  text: string,
  { name = "template.yaml", files = {} }: LoadTextOptions,
  work: (file: string, folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "tripline-templates-"));
  try {
    mkdirSync(join(folder, "code"));
    for (const [one, content] of Object.entries({ ...files, [name]: text })) writeFileSync(join(folder, one), content);
    return work(join(folder, name), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The resources without the roles that SAM makes for functions, and their policies. */
export function withoutRoles({ resources }: TemplatePlan): TemplatePlan["resources"] {
  return resources.filter((one) => !one.type.startsWith("AWS::IAM::"));
}
