import { badRequest } from "../errors.ts";
import { list, node, type Node, text } from "./document-node.ts";

/** What is made of a document's base path: nothing, it is put before every path, or all but its first segment is. */
export type BasePathMode = "ignore" | "prepend" | "split";

/** Throws BadRequestException. Default: `ignore`. */
export function toBasePathMode(given: string | undefined): BasePathMode {
  if (given === undefined) return "ignore";
  if (given === "ignore" || given === "prepend" || given === "split") return given;
  throw badRequest(`Invalid basepath specified: ${given}. Must be one of: [ignore, prepend, split]`);
}

/** What comes before every path: empty, or `/a/b`. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html */
export function basePathOf(document: Node, mode: BasePathMode): string {
  if (mode === "ignore") return "";
  const [server] = list(document["servers"]);
  const variables = node(server?.["variables"]);
  const url = (text(server?.["url"]) ?? "").replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => text(node(variables[name])["default"]) ?? whole,
  );
  const found =
    document["openapi"] === undefined
      ? (text(document["basePath"]) ?? "")
      : (text(node(variables["basePath"])["default"]) ?? url.replace(/^[a-z]+:\/\/[^/]+/i, ""));
  const segments = found.split("/").filter((one) => one !== "");
  const kept = mode === "split" ? segments.slice(1) : segments;
  return kept.map((one) => `/${one}`).join("");
}
