/**
 * AWS::Include: the map of a file stands where the template names it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-include.html
 *
 * I1. A local Location starts beside the template, as for `sam local` and `sam package`. Files are read before anything else, so their
 *     functions, and the names in them, are the template's.
 * I2. Keys beside Fn::Transform stay, and outrank those of the file. (AWS says nothing of a key that both have.)
 * I3. What cannot be included stays as it is, and is refused where its value is needed.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { invalid } from "./errors.ts";
import { parseNode } from "./parse-template.ts";
import { type MapEntry, type MapNode, type TemplateNode, valueOf } from "./template-node.ts";

/** The key of macros inside a template. */
export const transformKey = "Fn::Transform";

/** The map with all that it includes. Throws `SIM_TEMPLATE_SYNTAX` for a file that does not parse, `SIM_TEMPLATE_INVALID` for one that is no map. */
export function includeFiles(map: MapNode): MapNode {
  const transform = valueOf(map, transformKey);
  const included = transform === undefined ? undefined : readIncluded(transform);
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of map.entries)
    if (included === undefined || key !== transformKey) entries.set(key, { ...entry, value: within(entry.value) });
  return { ...map, entries: new Map([...(included?.entries ?? []), ...entries]) }; // I2
}

/** What AWS::Include names, where it is a text. */
export function locationOf(transform: TemplateNode): string | undefined {
  if (transform.kind !== "map") return undefined;
  const name = valueOf(transform, "Name");
  const parameters = valueOf(transform, "Parameters");
  const location = parameters?.kind === "map" ? valueOf(parameters, "Location") : undefined;
  const isInclude = name?.kind === "scalar" && name.text === "AWS::Include";
  return isInclude && location?.kind === "scalar" ? location.text : undefined;
}

function within(node: TemplateNode): TemplateNode {
  if (node.kind === "scalar") return node;
  return node.kind === "map" ? includeFiles(node) : { ...node, items: node.items.map(within) };
}

function readIncluded(transform: TemplateNode): MapNode | undefined {
  const location = locationOf(transform);
  if (location === undefined) return undefined;
  const file = resolve(dirname(transform.place.file), location);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined; // I3
  }
  const root = parseNode(file, text.replace(/^\uFEFF/, ""));
  if (root.kind !== "map") throw invalid(root.place, "A file of AWS::Include holds a map.", "Write keys and values.");
  return root;
}
