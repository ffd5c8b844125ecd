/** Reads recorded events: a Lambda event in a JSON file, an array of them, or one a line. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { SimulatorError } from "@tripline/kernel";

/** One recorded event, and where it was found. */
export interface Fixture {
  /** `events/s3/put.json`, with `:3` for the third of several. */
  name: string;
  event: Record<string, unknown>;
}

/**
 * The events of `paths` (files, folders, globs), in order of their names. Rejects with `SIM_FIXTURE_NOT_FOUND` for a path that names nothing,
 * `SIM_FIXTURE_INVALID` with file and line for what is no event.
 */
export async function readFixtures(paths: readonly string[]): Promise<Fixture[]> {
  const files = await Promise.all(paths.map(toFiles));
  return files.flat().flatMap(readFile);
}

async function toFiles(path: string): Promise<string[]> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return [path];
  const files = stats?.isDirectory() === true ? filesUnder(path) : await globFiles(path);
  if (files.length > 0) return files.sort();
  throw new SimulatorError("SIM_FIXTURE_NOT_FOUND", {
    what:
      stats === undefined
        ? `There is no file, folder or match for ${path}.`
        : `The folder ${path} holds no .json, .jsonl or .ndjson file.`,
    where: resolve(path),
    next: "Name a file with a Lambda event, a folder of them, or a glob in quotes.",
  });
}

async function globFiles(pattern: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  return glob(pattern, { expandDirectories: false });
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|jsonl|ndjson)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function readFile(file: string): Fixture[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw invalid(`${file} cannot be read: ${(error as Error).message}`, file, error);
  }
  if (text.trim() === "") throw invalid("The file is empty.", file);
  try {
    const value = JSON.parse(text) as unknown;
    if (!Array.isArray(value)) return [{ name: file, event: toEvent(value, file) }];
    return value.map((event, index) => ({
      name: `${file}:${index + 1}`,
      event: toEvent(event, `${file}, element ${index + 1}`),
    }));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return readLines(file, text, error);
  }
}

function readLines(file: string, text: string, whole: SyntaxError): Fixture[] {
  const lines = text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  return lines.map(({ line, number }, index) => {
    try {
      return { name: `${file}:${number}`, event: toEvent(JSON.parse(line), `${file}:${number}`) };
    } catch (error) {
      // The first line alone is no JSON: then the file was meant as one document, and its own error says more.
      const cause = error instanceof SyntaxError && index === 0 ? whole : error;
      if (!(cause instanceof SyntaxError)) throw cause;
      throw invalid(`This is no JSON: ${cause.message}.`, index === 0 ? file : `${file}:${number}`, cause);
    }
  });
}

function toEvent(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid("A Lambda event is a JSON object.", where);
}

function invalid(what: string, where: string, cause?: unknown): SimulatorError {
  return new SimulatorError(
    "SIM_FIXTURE_INVALID",
    { what, where, next: "Put one Lambda event in the file, an array of them, or one on each line." },
    { cause },
  );
}
