import { node, type Node, text } from "./document-node.ts";

/** What a part of the document stands for, where it is a reference into the document. */
export function resolveReference(document: Node, given: Node): Node {
  const reference = text(given["$ref"]);
  if (reference?.startsWith("#/") !== true) return given;
  let at: unknown = document;
  for (const part of reference.slice(2).split("/")) at = node(at)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  return node(at);
}
