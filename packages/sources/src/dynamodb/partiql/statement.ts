/** What a PartiQL statement is parsed into: the trees of expressions, with parameters resolved. */
import type { Condition, Path, UpdateAction } from "../expressions/syntax.ts";
import type { Item } from "../values/attribute-value.ts";

export interface SelectStatement {
  kind: "select";
  table: string;
  index?: string;
  /** Undefined: everything. */
  paths?: Path[];
  where?: Condition;
  order: { name: string; isBackward: boolean }[];
}

export interface InsertStatement {
  kind: "insert";
  table: string;
  item: Item;
}

/** What is returned of the item: as ReturnValues has it. */
export type Returning = "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW";

export interface UpdateStatement {
  kind: "update";
  table: string;
  actions: UpdateAction[];
  where?: Condition;
  returning?: Returning;
}

export interface DeleteStatement {
  kind: "delete";
  table: string;
  where?: Condition;
  returning?: Returning;
}

export type WriteStatement = InsertStatement | UpdateStatement | DeleteStatement;

export type Statement =
  | SelectStatement
  | WriteStatement
  /** Of a transaction that writes: what an item must be. */
  | { kind: "exists"; table: string; select: SelectStatement };
