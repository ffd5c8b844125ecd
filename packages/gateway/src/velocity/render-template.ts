/**
 * Renders templates as Apache Velocity 1.7 does. https://velocity.apache.org/engine/1.7/user-guide.html
 *
 * R1. A reference without a value prints as it is written, or as nothing after `$!`.
 * R2. `#set` to null changes nothing.
 * R3. Arithmetic of whole numbers is whole; `+` of a text joins; what cannot be computed is null.
 * R4. After its loop a `#foreach` variable is what it was before. Loops of API Gateway end after 1000 rounds.
 */
import { callJavaMethod, indexJava, propertyOfJava, setJava } from "./java-methods.ts";
import {
  equalsJava,
  isNothing,
  isTrue,
  JavaDouble,
  JavaEntry,
  JavaList,
  type JavaValue,
  missing,
  printJava,
  toInteger,
  toNumber,
} from "./java-value.ts";
import { parseTemplate } from "./parse-template.ts";
import { type Expression, type Reference, TemplateError, type TemplateNode } from "./template-node.ts";

const roundsMax = 1000;
const depthMax = 50;

/** Ends rendering, or a loop. */
type Flow = "next" | "break" | "stop";

/** How to render. */
export interface RenderOptions {
  /**
   * As API Gateway does, and Velocity does not: what a path leads to and is not there is {@link missing}, so that it prints as nothing;
   * what has no value equals "".
   */
  missingPaths?: boolean;
}

/** Renders a parsed template; `variables` are its context, which `#set` changes. Throws {@link TemplateError}. */
export function renderTemplate(
  nodes: readonly TemplateNode[],
  variables: Map<string, JavaValue>,
  options: RenderOptions = {},
): string {
  const renderer = new Renderer(variables, options.missingPaths === true);
  renderer.render(nodes);
  return renderer.output;
}

class Renderer {
  output = "";
  readonly #variables: Map<string, JavaValue>;
  readonly #blocks = new Map<string, readonly TemplateNode[]>();
  readonly #macros = new Map<string, { parameters: readonly string[]; body: readonly TemplateNode[] }>();
  readonly #missingPaths: boolean;
  #depth = 0;

  constructor(variables: Map<string, JavaValue>, missingPaths: boolean) {
    this.#variables = variables;
    this.#missingPaths = missingPaths;
  }

  render(nodes: readonly TemplateNode[]): Flow {
    if (++this.#depth > depthMax) throw new TemplateError("Too many macros within each other");
    try {
      for (const node of nodes) {
        const flow = this.#renderNode(node);
        if (flow !== "next") return flow;
      }
      return "next";
    } finally {
      this.#depth--;
    }
  }

  #renderNode(node: TemplateNode): Flow {
    if (typeof node === "string") {
      this.output += node;
      return "next";
    }
    switch (node.kind) {
      case "reference":
        return this.#print(node);
      case "escaped":
        this.output += this.#escaped(node.slashes, node.reference);
        return "next";
      case "set":
        this.#set(node.target, this.#evaluate(node.value));
        return "next";
      case "if":
        return this.render(node.branches.find((one) => isTrue(this.#evaluate(one.condition)))?.body ?? node.otherwise);
      case "foreach":
        return this.#loop(node.name, this.#evaluate(node.over), node.body);
      case "define":
        this.#variables.delete(node.name);
        this.#blocks.set(node.name, node.body);
        return "next";
      case "macro":
        if (!this.#macros.has(node.name)) this.#macros.set(node.name, node);
        return "next";
      case "call":
        return this.#call(node.name, node.args, node.text, node.body);
      case "evaluate": {
        const value = this.#evaluate(node.value);
        return isNothing(value) ? "next" : this.render(parseTemplate(printJava(value)));
      }
      case "break":
      case "stop":
        return node.kind;
    }
  }

  #print(reference: Reference): Flow {
    const block = reference.path.length === 0 ? this.#blocks.get(reference.name) : undefined;
    if (block !== undefined) return this.render(block);
    const value = this.#resolve(reference);
    if (value === null) this.output += reference.isSilent ? "" : reference.text; // R1
    else this.output += printJava(value);
    return "next";
  }

  #escaped(slashes: number, reference: Reference): string {
    const value = this.#resolve(reference);
    if (value === null) return "\\".repeat(slashes) + reference.text;
    return "\\".repeat(Math.floor(slashes / 2)) + (slashes % 2 === 0 ? printJava(value) : reference.text);
  }

  #resolve(reference: Reference): JavaValue {
    let value = this.#variables.get(reference.name) ?? null;
    if (value === null && this.#blocks.has(reference.name))
      value = this.#capture(this.#blocks.get(reference.name) ?? []);
    for (const step of reference.path) {
      if (value === null || value === missing) break;
      if (step.kind === "property") value = propertyOfJava(value, step.name);
      else if (step.kind === "index") value = indexJava(value, this.#evaluate(step.index));
      else
        value = callJavaMethod(
          value,
          step.name,
          step.args.map((one) => this.#evaluate(one)),
        );
    }
    const isKnown = this.#variables.has(reference.name);
    return value === null && this.#missingPaths && isKnown && reference.path.length > 0 ? missing : value;
  }

  #capture(nodes: readonly TemplateNode[]): string {
    const before = this.output;
    this.output = "";
    this.render(nodes);
    const text = this.output;
    this.output = before;
    return text;
  }

  #set(target: Reference, value: JavaValue): void {
    if (value === null) return; // R2
    const last = target.path.at(-1);
    if (last === undefined) {
      this.#blocks.delete(target.name);
      this.#variables.set(target.name, value);
      return;
    }
    const owner = this.#resolve({ ...target, path: target.path.slice(0, -1) });
    if (isNothing(owner) || last.kind === "method") return;
    setJava(owner, last.kind === "property" ? last.name : this.#evaluate(last.index), value);
  }

  #loop(name: string, over: JavaValue, body: readonly TemplateNode[]): Flow {
    const items = toItems(over);
    const names = [name, "foreach", "velocityCount", "velocityHasNext"] as const;
    const before = names.map((one) => this.#variables.get(one));
    let flow: Flow = "next";
    for (const [index, item] of items.entries()) {
      if (index >= roundsMax) break; // R4
      if (item === null) this.#variables.delete(name);
      else this.#variables.set(name, item);
      this.#variables.set("velocityCount", index + 1);
      this.#variables.set("velocityHasNext", index + 1 < items.length);
      this.#variables.set(
        "foreach",
        new Map<string, JavaValue>([
          ["index", index],
          ["count", index + 1],
          ["hasNext", index + 1 < items.length],
          ["first", index === 0],
          ["last", index + 1 === items.length],
          ["parent", before[1] ?? null],
        ]),
      );
      flow = this.render(body);
      if (flow !== "next") break;
    }
    for (const [index, one] of names.entries()) {
      const value = before[index];
      if (value === undefined) this.#variables.delete(one);
      else this.#variables.set(one, value);
    }
    return flow === "stop" ? "stop" : "next";
  }

  #call(name: string, args: readonly Expression[], text: string, content?: readonly TemplateNode[]): Flow {
    const macro = this.#macros.get(name);
    if (macro === undefined) {
      this.output += text;
      return "next";
    }
    const bound = new Map<string, JavaValue>();
    for (const [index, parameter] of macro.parameters.entries()) {
      const arg = args[index];
      const value = arg === undefined ? null : this.#evaluate(arg);
      // A reference without a value prints in the macro as it is written in the call.
      bound.set(parameter, value === null && arg?.kind === "reference" && !arg.isSilent ? arg.text : value);
    }
    if (content !== undefined) bound.set("bodyContent", this.#capture(content));
    const before = Array.from(bound.keys(), (key) => [key, this.#variables.get(key)] as const);
    for (const [key, value] of bound) this.#variables.set(key, value);
    const flow = this.render(macro.body);
    for (const [key, value] of before) {
      if (value === undefined) this.#variables.delete(key);
      else this.#variables.set(key, value);
    }
    return flow === "stop" ? "stop" : "next";
  }

  #evaluate(expression: Expression): JavaValue {
    switch (expression.kind) {
      case "reference":
        return this.#resolve(expression);
      case "literal":
        return typeof expression.value === "object" ? new JavaDouble(expression.value.fraction) : expression.value;
      case "interpolated":
        return this.#capture(expression.nodes);
      case "list":
        return new JavaList(expression.items.map((one) => this.#evaluate(one)));
      case "range":
        return toRange(toNumber(this.#evaluate(expression.from)), toNumber(this.#evaluate(expression.to)));
      case "map":
        return new Map(expression.entries.map(([key, one]) => [printJava(this.#evaluate(key)), this.#evaluate(one)]));
      case "not":
        return !isTrue(this.#evaluate(expression.of));
      case "negative":
        return arithmetic("-", 0, this.#evaluate(expression.of));
      case "binary":
        return this.#binary(expression);
    }
  }

  #equals(left: JavaValue, right: JavaValue): boolean {
    if (!this.#missingPaths) return equalsJava(left, right);
    return equalsJava(left ?? missing, right ?? missing);
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: "binary" }>): JavaValue {
    const first = this.#evaluate(left);
    if (operator === "||") return isTrue(first) || isTrue(this.#evaluate(right));
    if (operator === "&&") return isTrue(first) && isTrue(this.#evaluate(right));
    const second = this.#evaluate(right);
    if (operator === "==") return this.#equals(first, second);
    if (operator === "!=") return !this.#equals(first, second);
    if (operator === "<" || operator === ">" || operator === "<=" || operator === ">=") {
      const [a, b] = [toNumber(first), toNumber(second)];
      if (a === undefined || b === undefined) return false;
      return operator === "<" ? a < b : operator === ">" ? a > b : operator === "<=" ? a <= b : a >= b;
    }
    return arithmetic(operator, first, second);
  }
}

/** R3 */
function arithmetic(operator: "+" | "-" | "*" | "/" | "%", left: JavaValue, right: JavaValue): JavaValue {
  if (operator === "+" && (typeof left === "string" || typeof right === "string"))
    return isNothing(left) && left === null ? null : printJava(left) + printJava(right);
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a === undefined || b === undefined) return null;
  if (left instanceof JavaDouble || right instanceof JavaDouble) {
    if ((operator === "/" || operator === "%") && b === 0) return null;
    const results = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "%": a % b };
    return new JavaDouble(results[operator]);
  }
  const [x, y] = [BigInt(left as number), BigInt(right as number)];
  if ((operator === "/" || operator === "%") && y === 0n) return null;
  if (operator === "+") return toInteger(x + y);
  if (operator === "-") return toInteger(x - y);
  if (operator === "*") return toInteger(x * y);
  return toInteger(operator === "/" ? x / y : x % y);
}

function toRange(from: number | undefined, to: number | undefined): JavaValue {
  if (from === undefined || to === undefined) return null;
  const step = from <= to ? 1 : -1;
  return new JavaList(
    Array.from({ length: Math.min(Math.abs(to - from) + 1, 100_000) }, (_, index) => from + index * step),
  );
}

function toItems(value: JavaValue): JavaValue[] {
  if (value instanceof JavaList) return value.items;
  if (value instanceof Map) return [...value.values()];
  return value instanceof JavaEntry ? [value] : [];
}
