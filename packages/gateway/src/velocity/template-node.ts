/** A mapping template, taken apart. */

/** What a template is made of. */
export type TemplateNode =
  | string
  | Reference
  /** `\$x`: `slashes` of them before a reference. */
  | { kind: "escaped"; slashes: number; reference: Reference }
  | { kind: "set"; target: Reference; value: Expression }
  | {
      kind: "if";
      branches: readonly { condition: Expression; body: readonly TemplateNode[] }[];
      otherwise: readonly TemplateNode[];
    }
  | { kind: "foreach"; name: string; over: Expression; body: readonly TemplateNode[] }
  | { kind: "define"; name: string; body: readonly TemplateNode[] }
  | { kind: "macro"; name: string; parameters: readonly string[]; body: readonly TemplateNode[] }
  /** `text` is what it renders as where there is no such macro. */
  | { kind: "call"; name: string; args: readonly Expression[]; body?: readonly TemplateNode[]; text: string }
  | { kind: "evaluate"; value: Expression }
  | { kind: "break" }
  | { kind: "stop" };

/** `$!{a.b(1)[2]}` */
export interface Reference {
  kind: "reference";
  name: string;
  /** `$!`: prints nothing where there is nothing. */
  isSilent: boolean;
  path: readonly Step[];
  /** As it is written. */
  text: string;
}

/** One step of a reference's path. */
export type Step =
  | { kind: "property"; name: string }
  | { kind: "method"; name: string; args: readonly Expression[] }
  | { kind: "index"; index: Expression };

/** What stands in `#set`, `#if` and arguments. */
export type Expression =
  | Reference
  | { kind: "literal"; value: string | number | bigint | boolean | { fraction: number } }
  /** A text in double quotes. */
  | { kind: "interpolated"; nodes: readonly TemplateNode[] }
  | { kind: "list"; items: readonly Expression[] }
  | { kind: "range"; from: Expression; to: Expression }
  | { kind: "map"; entries: readonly (readonly [Expression, Expression])[] }
  | { kind: "not"; of: Expression }
  | { kind: "negative"; of: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression };

/** Their words (`and`, `eq`, …) are the same. */
export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "%";

/** A template that Velocity cannot parse, or that asks for what API Gateway has not. */
export class TemplateError extends Error {}
