/** Texts, numbers, booleans, choices. As in CloudFormation, a number where a text is wanted is that text, and `"30"` is a number. */
import { invalid } from "../read/errors.ts";
import { describeNode, type TemplateNode, toPlain } from "../read/template-node.ts";
import type { ReadContext, Shape } from "./shape.ts";

/** A text. */
export function text(example = "a text"): Shape<string> {
  return {
    noun: "a text",
    example,
    read(node, path, context) {
      if (node.kind !== "scalar" || node.value === null) throw wrongKind(this, node, path, context);
      return node.text;
    },
  };
}

/** A whole number. Ranges are left to the operation, which knows AWS's text for them. */
export function integer(example = "30"): Shape<number> {
  return {
    noun: "a whole number",
    example,
    read(node, path, context) {
      const value = node.kind === "scalar" && /^[-+]?\d+$/.test(node.text.trim()) ? Number(node.text) : NaN;
      if (!Number.isSafeInteger(value)) throw wrongKind(this, node, path, context);
      return value;
    },
  };
}

/** A number, whole or not. */
export function number(example = "0.5"): Shape<number> {
  return {
    noun: "a number",
    example,
    read(node, path, context) {
      const value = node.kind === "scalar" && node.text.trim() !== "" ? Number(node.text) : NaN;
      if (!Number.isFinite(value)) throw wrongKind(this, node, path, context);
      return value;
    },
  };
}

/** `true` or `false`. */
export function boolean(): Shape<boolean> {
  return {
    noun: "true or false",
    example: "true",
    read(node, path, context) {
      if (node.kind !== "scalar" || !/^(true|false)$/i.test(node.text)) throw wrongKind(this, node, path, context);
      return /^true$/i.test(node.text);
    },
  };
}

/** One of some texts; case counts. */
export function choice<const T extends string>(...choices: readonly T[]): Shape<T> {
  return {
    noun: choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(", ")}`,
    example: choices[0] ?? "",
    read(node, path, context) {
      const found = node.kind === "scalar" ? choices.find((one) => one === node.text) : undefined;
      if (found === undefined) throw wrongKind(this, node, path, context);
      return found;
    },
  };
}

/** A time in ISO 8601; without a zone it is UTC. */
export function timestamp(): Shape<Date> {
  return {
    noun: "a time in ISO 8601",
    example: "2026-01-31T08:00:00Z",
    read(node, path, context) {
      const match = node.kind === "scalar" ? /^(\d{4}-\d\d-\d\d)(T[\d:.]+)?(Z|[-+]\d\d:?\d\d)?$/.exec(node.text) : null;
      const date = match === null ? undefined : new Date(`${match[1]}${match[2] ?? "T00:00:00"}${match[3] ?? "Z"}`);
      if (date === undefined || Number.isNaN(date.getTime())) throw wrongKind(this, node, path, context);
      return date;
    },
  };
}

/** Any value, its functions resolved: a policy, a JSON document. */
export function json(): Shape<unknown> {
  return {
    noun: "a JSON value",
    example: "{}",
    read(node, _path, context) {
      const value = context.resolver.resolveDeep(node);
      return value === undefined ? undefined : toPlain(value);
    },
  };
}

/** The node itself, to be read further by who asked. */
export function raw(): Shape<TemplateNode> {
  return { noun: "a value", example: "", read: (node) => node };
}

/** S1. */
export function wrongKind(
  { noun, example }: Pick<Shape<unknown>, "noun" | "example">,
  node: TemplateNode,
  path: string,
  { logicalId }: Pick<ReadContext, "logicalId">,
): Error {
  return invalid(
    node.place,
    `${path} of ${logicalId} must be ${noun}, and is ${describeNode(node)}.`,
    `Write ${noun}${example === "" || noun.includes(example) ? "" : `, such as ${example}`}.`,
  );
}
