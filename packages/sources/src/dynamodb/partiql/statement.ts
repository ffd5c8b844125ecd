/** What a PartiQL statement is parsed into: the trees of expressions, with parameters resolved. */
import type { Condition, Path, UpdateAction } from "../expressions/syntax.ts";
import type { Item } from "../values/attribute-value.ts";

export type Statement =
  | {
      kind: "select";
      table: string;
      index?: string;
      /** Undefined: everything. */
      paths?: Path[];
      where?: Condition;
      order: { name: string; isBackward: boolean }[];
    }
  | { kind: "insert"; table: string; item: Item }
  | { kind: "update"; table: string; actions: UpdateAction[]; where?: Condition; returning?: string }
  | { kind: "delete"; table: string; where?: Condition; returning?: string };
