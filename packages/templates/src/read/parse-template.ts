/**
 * YAML or JSON text to nodes with lines.
 *
 * P1. Every node and every key knows its line.
 * P2. Plain `yes`, `no`, `on`, `off` are booleans, as in the YAML 1.1 that AWS reads; dates and octal numbers stay as they are written.
 * P3. Anchors, aliases and `<<` merges work, as in SAM; CloudFormation itself refuses merges.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { suggest } from "@tripline/kernel";
import { invalid, syntaxError } from "./errors.ts";
import { shortTags, writeOutShortTag } from "./short-tags.ts";
import type { MapEntry, MapNode, Place, ScalarNode, TemplateNode } from "./template-node.ts";

/** Parses `text`. Throws `SIM_TEMPLATE_SYNTAX` with line and column, `SIM_TEMPLATE_INVALID` where it holds no map. */
export function parseTemplate(file: string, text: string): MapNode {
  const root = parseNode(file, text);
  if (root.kind !== "map") {
    throw invalid(root.place, "The template holds no sections.", "Write a map with a Resources section.");
  }
  return root;
}

/** Parses `text`, whatever it holds. Throws `SIM_TEMPLATE_SYNTAX`. */
export function parseNode(file: string, text: string): TemplateNode {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error", strict: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw syntaxError(file, line, col, sentence(error.message));
  }
  const seen = new Map<Node, TemplateNode>();
  const open = new Set<Node>();

  const at = (node: Node, path: string): Place => ({ file, line: lines.linePos(node.range?.[0] ?? 0).line, path });

  const convert = (node: unknown, path: string, fallback: Place): TemplateNode => {
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined)
        throw invalid(at(node, path), `There is no anchor &${node.source}.`, "Define it above.");
      return convert(target, path, fallback);
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node))
      return { kind: "scalar", value: null, text: "", place: fallback };
    const known = seen.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) throw invalid(at(node, path), "An anchor holds itself.", "Remove the alias that leads back.");
    open.add(node);
    const place = node.range === undefined || node.range === null ? fallback : at(node, path);
    const plain = isScalar(node)
      ? toScalar(node.value, node.source, node.type === "PLAIN", place)
      : isMap(node)
        ? toMap(node, path, place)
        : {
            kind: "list" as const,
            items: node.items.map((item, index) => convert(item, `${path}[${index}]`, place)),
            place,
          };
    open.delete(node);
    const result = node.tag?.startsWith("!") === true ? writeOut(node.tag, plain) : plain;
    seen.set(node, result);
    return result;
  };

  const toMap = (node: YAMLMap, path: string, place: Place): MapNode => {
    const entries = new Map<string, MapEntry>();
    for (const pair of node.items) {
      if (!isScalar(pair.key)) throw invalid(place, "A key must be a text.", "Write the key as plain text.");
      const key = pair.key.source ?? String(pair.key.value);
      const inner = path === "" ? key : `${path}.${key}`;
      const keyPlace = at(pair.key, inner);
      const value = convert(pair.value, inner, keyPlace);
      if (key === "<<") mergeInto(entries, value);
      else entries.set(key, { place: keyPlace, value });
    }
    return { kind: "map", entries, place };
  };

  return convert(document.contents, "", { file, line: 1, path: "" });
}

/** P3: keys that the map has itself win, wherever `<<` stands. */
function mergeInto(entries: Map<string, MapEntry>, merged: TemplateNode): void {
  for (const source of merged.kind === "list" ? merged.items : [merged]) {
    if (source.kind !== "map") throw invalid(source.place, "<< takes a map.", "Name the anchor of a map.");
    for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
  }
}

function toScalar(value: unknown, source: string | undefined, isPlain: boolean, place: Place): ScalarNode {
  if (value === null || value === undefined) return { kind: "scalar", value: null, text: "", place };
  if (isPlain && typeof value === "string" && /^(yes|no|on|off)$/i.test(value)) {
    const isTrue = /^(yes|on)$/i.test(value); // P2
    return { kind: "scalar", value: isTrue, text: String(isTrue), place };
  }
  if (typeof value === "number" || typeof value === "bigint") {
    return { kind: "scalar", value: Number(value), text: source ?? String(value), place };
  }
  if (typeof value === "boolean") return { kind: "scalar", value, text: String(value), place };
  const text = typeof value === "string" ? value : (source ?? "");
  return { kind: "scalar", value: text, text, place };
}

function writeOut(tag: string, value: TemplateNode): TemplateNode {
  const result = writeOutShortTag(tag, value);
  if (result !== undefined) return result;
  const nearest = suggest(tag, shortTags);
  throw invalid(
    value.place,
    `${tag} is no tag of CloudFormation.`,
    nearest === undefined ? "Remove the tag, or quote the text that begins with !." : `Did you mean ${nearest}?`,
  );
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
