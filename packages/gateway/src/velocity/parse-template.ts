/**
 * Parses templates of Apache Velocity 1.7, which API Gateway's are. https://velocity.apache.org/engine/1.7/vtl-reference.html
 *
 * T1. White space between a directive, or a reference, and `#set` belongs to the latter; so do lines without text before the first `#set`.
 * T2. White space and the line's end after a directive's `)`, after `#else` and after `#end` belong to it; what stands before is text.
 * T3. `\` before a reference or a directive escapes it. A reference that has no value keeps its `\`.
 * T4. What looks like a reference or a directive and is none is text.
 */
import { createExpressionParser } from "./parse-expression.ts";
import { type Expression, type Reference, TemplateError, type TemplateNode } from "./template-node.ts";

const directives = /#(?:\{(\w+)\}|(@?\w+))/y;

/** Throws {@link TemplateError}. */
export function parseTemplate(source: string): readonly TemplateNode[] {
  const text = source.replaceAll("\r\n", "\n");
  let at = 0;
  const expressions = createExpressionParser(
    text,
    () => at,
    (next) => {
      at = next;
    },
    parseTemplate,
  );
  const fail = (what: string): never => {
    throw new TemplateError(
      `${what} at ${text.slice(0, at).split("\n").length}:${at - text.lastIndexOf("\n", at - 1)}`,
    );
  };

  /** T2 */
  const skipLineEnd = (): void => {
    const match = /[ \t]*\n/y;
    match.lastIndex = at;
    at += match.exec(text)?.[0].length ?? 0;
  };
  const open = (): void => {
    expressions.space();
    expressions.expect("(");
  };
  const close = (): void => {
    expressions.expect(")");
    skipLineEnd();
  };

  /** Until one of `ends`, which is taken; at the top, until the end. */
  const block = (ends: readonly string[] | undefined): { nodes: TemplateNode[]; end: string } => {
    const nodes: TemplateNode[] = [];
    let plain = "";
    const flush = (): void => {
      if (plain !== "") nodes.push(plain);
      plain = "";
    };
    while (at < text.length) {
      const char = text.charAt(at);
      if (char === "\\") {
        plain = escape(plain, flush, nodes);
      } else if (char === "$") {
        const reference = expressions.reference();
        if (reference === undefined) {
          plain += "$"; // T4
          at++;
        } else {
          flush();
          nodes.push(reference);
        }
      } else if (char === "#") {
        const skipped = skipComment();
        if (skipped !== undefined) {
          plain += skipped;
          continue;
        }
        const name = directiveName();
        if (name === "end" || name === "else" || name === "elseif") {
          if (ends?.includes(name) !== true) fail(`#${name} without a beginning`);
          flush();
          takeName();
          if (name !== "elseif") skipLineEnd();
          return { nodes, end: name };
        }
        const isFirst = ends === undefined && nodes.length === 0;
        if (name === "set" && (isFirst ? /^\s+$/ : /^[ \t]+$/).test(plain)) plain = ""; // T1
        const node = name === undefined ? undefined : directive(name);
        if (node === undefined) {
          plain += "#"; // T4
          at++;
        } else {
          flush();
          nodes.push(node);
        }
      } else {
        const next = /[\\$#]/g;
        next.lastIndex = at;
        const to = next.exec(text)?.index ?? text.length;
        plain += text.slice(at, to);
        at = to;
      }
    }
    if (ends !== undefined) fail(`#end is missing`);
    flush();
    return { nodes, end: "" };
  };

  /** T3: returns the text so far. */
  const escape = (plain: string, flush: () => void, nodes: TemplateNode[]): string => {
    const slashes = /\\+/y;
    slashes.lastIndex = at;
    const count = slashes.exec(text)?.[0].length ?? 0;
    const start = at;
    at += count;
    if (text.charAt(at) === "$") {
      const from = at;
      const reference = expressions.reference();
      if (reference !== undefined) {
        if (plain !== "") nodes.push(plain);
        nodes.push({ kind: "escaped", slashes: count, reference });
        return "";
      }
      at = from;
    }
    const name = text.charAt(at) === "#" ? directiveName() : undefined;
    if (name !== undefined && known.has(name)) {
      const half = "\\".repeat(Math.floor(count / 2));
      if (count % 2 === 0) return plain + half;
      const from = at;
      takeName();
      return plain + half + text.slice(from, at);
    }
    flush();
    return text.slice(start, at);
  };

  /** Raw text, or nothing for a comment; undefined where neither begins. */
  const skipComment = (): string | undefined => {
    if (text.startsWith("#[[", at)) {
      const end = text.indexOf("]]#", at);
      if (end < 0) fail("#[[ without ]]#");
      const raw = text.slice(at + 3, end);
      at = end + 3;
      return raw;
    }
    if (text.startsWith("##", at)) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end + 1;
      return "";
    }
    if (text.startsWith("#*", at)) {
      const end = text.indexOf("*#", at + 2);
      at = end < 0 ? fail("#* without *#") : end + 2;
      return "";
    }
    return undefined;
  };

  const directiveName = (): string | undefined => {
    directives.lastIndex = at;
    const match = directives.exec(text);
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) return undefined;
    // `#elsewhere` begins with a directive's name, and Velocity takes it so.
    return /^(?:elseif|else|end)/.exec(name)?.[0] ?? name;
  };
  const takeName = (): void => {
    const name = directiveName() ?? "";
    at += text.charAt(at + 1) === "{" ? name.length + 3 : name.length + 1;
  };

  const directive = (name: string): TemplateNode | undefined => {
    const start = at;
    switch (name) {
      case "set":
      case "if":
      case "foreach":
      case "define":
      case "macro":
      case "evaluate":
      case "include":
      case "parse": {
        takeName();
        const match = /\s*\(/y;
        match.lastIndex = at;
        if (!match.test(text)) {
          at = start;
          return undefined;
        }
        return blockDirective(name);
      }
      case "stop":
      case "break":
        takeName();
        return { kind: name };
      default:
        return call(name, start);
    }
  };

  const blockDirective = (name: string): TemplateNode => {
    open();
    switch (name) {
      case "set": {
        const assigned = target();
        expressions.expect("=");
        const value = expressions.expression();
        close();
        return { kind: "set", target: assigned, value };
      }
      case "if": {
        const branches: { condition: Expression; body: readonly TemplateNode[] }[] = [];
        for (;;) {
          const condition = expressions.expression();
          close();
          const { nodes, end } = block(["elseif", "else", "end"]);
          branches.push({ condition, body: nodes });
          if (end === "end") return { kind: "if", branches, otherwise: [] };
          if (end === "else") return { kind: "if", branches, otherwise: block(["end"]).nodes };
          open();
        }
      }
      case "foreach": {
        const { name: item } = target();
        expressions.word("in");
        const over = expressions.peek(")") ? ({ kind: "list", items: [] } as const) : expressions.expression();
        close();
        return { kind: "foreach", name: item, over, body: block(["end"]).nodes };
      }
      case "define": {
        const { name: item } = target();
        close();
        return { kind: "define", name: item, body: block(["end"]).nodes };
      }
      case "macro": {
        const [macro = "", ...parameters] = expressions.names();
        close();
        return { kind: "macro", name: macro, parameters, body: block(["end"]).nodes };
      }
      case "evaluate": {
        const value = expressions.expression();
        close();
        return { kind: "evaluate", value };
      }
      default:
        return fail(`#${name} reads files, which API Gateway does not have`);
    }
  };

  const target = (): Reference => {
    expressions.space();
    return expressions.reference() ?? fail("A reference is missing");
  };

  /** A macro's call; text where no arguments follow (T4). */
  const call = (name: string, start: number): TemplateNode | undefined => {
    const hasBody = name.startsWith("@");
    takeName();
    if (text.charAt(at) !== "(") {
      at = start;
      return undefined;
    }
    const args = expressions.callArguments();
    if (args === undefined) {
      at = start;
      return undefined;
    }
    const written = text.slice(start, at);
    skipLineEnd();
    if (!hasBody) return { kind: "call", name, args, text: text.slice(start, at) };
    return { kind: "call", name: name.slice(1), args, body: block(["end"]).nodes, text: written };
  };

  return block(undefined).nodes;
}

const known: ReadonlySet<string> = new Set([
  "set",
  "if",
  "elseif",
  "else",
  "end",
  "foreach",
  "define",
  "macro",
  "evaluate",
  "include",
  "parse",
  "stop",
  "break",
]);
