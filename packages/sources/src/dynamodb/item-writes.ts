/** Puts, deletes, updates and checks as what {@link writeItems} takes: for single operations, batches and transactions alike. */
import {
  checkCondition,
  type ConditionInput,
  type LegacyConditionInput,
  readCondition,
  readExpected,
  refuseMixture,
} from "./conditions.ts";
import { invalidParameter } from "./errors.ts";
import { applyUpdate } from "./expressions/apply-update.ts";
import { fromAttributeUpdates, type LegacyUpdate } from "./expressions/legacy.ts";
import { parseCondition } from "./expressions/parse-condition.ts";
import { parseUpdate } from "./expressions/parse-update.ts";
import { Placeholders } from "./expressions/placeholders.ts";
import type { UpdateAction } from "./expressions/syntax.ts";
import { checkItemKey, checkKey, keyNames, keyOf, type Table } from "./table.ts";
import { checkItem, type Item } from "./values/attribute-value.ts";
import type { WriteRequest } from "./write-items.ts";

export interface PutInput extends ConditionInput, LegacyConditionInput {
  TableName: string;
  Item: Item;
}

export interface DeleteInput extends ConditionInput, LegacyConditionInput {
  TableName: string;
  Key: Item;
}

export interface UpdateInput extends ConditionInput, LegacyConditionInput {
  TableName: string;
  Key: Item;
  UpdateExpression?: string;
  AttributeUpdates?: Record<string, LegacyUpdate>;
}

/** What is checked before the table is looked for, and then with it, as on AWS. */
export type Prepared = (table: Table) => WriteRequest & { actions?: UpdateAction[] };

export function preparePut(input: PutInput): Prepared {
  const condition = readCondition(input);
  const item = checkItem(input.Item);
  return (table) => {
    checkItemKey(table, item);
    return {
      table,
      key: keyOf(table.key, item),
      decide(before) {
        checkCondition(condition, before, input);
        return item;
      },
    };
  };
}

export function prepareDelete(input: DeleteInput): Prepared {
  const condition = readCondition(input);
  const key = checkItem(input.Key);
  return (table) => {
    checkKey(table, key);
    return {
      table,
      key,
      decide(before) {
        checkCondition(condition, before, input);
        return undefined;
      },
    };
  };
}

/** Of a transaction. */
export function prepareCheck(input: DeleteInput): Prepared {
  const prepared = prepareDelete(input);
  return (table) => {
    const { decide, ...request } = prepared(table);
    return {
      ...request,
      decide(before) {
        decide(before);
        return "kept";
      },
    };
  };
}

export function prepareUpdate(input: UpdateInput): Prepared {
  const { UpdateExpression, ConditionExpression, AttributeUpdates, Expected, ConditionalOperator } = input;
  refuseMixture({ UpdateExpression, ConditionExpression }, { AttributeUpdates, Expected, ConditionalOperator });
  const placeholders = new Placeholders(input, { UpdateExpression, ConditionExpression });
  const actions =
    UpdateExpression === undefined
      ? fromAttributeUpdates(AttributeUpdates ?? {})
      : parseUpdate(UpdateExpression, placeholders);
  const condition =
    ConditionExpression === undefined
      ? readExpected(input)
      : parseCondition("ConditionExpression", ConditionExpression, placeholders);
  placeholders.checkUsed();
  const key = checkItem(input.Key);
  /** The older DELETE makes no item where there is none. */
  const makesNone =
    AttributeUpdates !== undefined &&
    actions.length > 0 &&
    actions.every(({ kind }) => kind === "remove" || kind === "delete");
  return (table) => {
    checkKey(table, key);
    const names = keyNames(table.key);
    const touched = actions.map(({ path }) => path[0]).find((name) => names.includes(String(name)));
    if (touched !== undefined) {
      throw invalidParameter(`Cannot update attribute ${touched}. This attribute is part of the key`);
    }
    return {
      table,
      key,
      actions,
      isUpdate: true,
      decide(before) {
        checkCondition(condition, before, input);
        const item = before();
        if (item === undefined && makesNone) return "kept";
        const after = checkItem(applyUpdate(item ?? key, actions));
        checkItemKey(table, after);
        return after;
      },
    };
  };
}
