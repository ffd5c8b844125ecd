/**
 * Puts, deletes, updates and checks as what {@link writeItems} takes: `prepare…` of what operations, batches and transactions are given,
 * `to…` of what is parsed already, as PartiQL statements are.
 */
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
import type { Condition, UpdateAction } from "./expressions/syntax.ts";
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
export type Prepared = (table: Table) => PreparedWrite;

export interface PreparedWrite extends WriteRequest {
  /** Of an update. */
  actions?: UpdateAction[];
}

/** Throws where an item as it stands must not be written. */
export type Guard = (before: () => Item | undefined) => void;

/** Throws ConditionalCheckFailedException. */
export function toGuard(condition: Condition | undefined, input: ConditionInput): Guard {
  return (before) => checkCondition(condition, before, input);
}

export function preparePut(input: PutInput): Prepared {
  const condition = readCondition(input);
  return toPut(checkItem(input.Item), toGuard(condition, input));
}

/** `item`: checked. */
export function toPut(item: Item, guard: Guard): Prepared {
  return (table) => {
    checkItemKey(table, item);
    return {
      table,
      key: keyOf(table.key, item),
      decide(before) {
        guard(before);
        return item;
      },
    };
  };
}

export function prepareDelete(input: DeleteInput): Prepared {
  const condition = readCondition(input);
  return toDelete(checkItem(input.Key), toGuard(condition, input));
}

/** `key`: checked but for its table. */
export function toDelete(key: Item, guard: Guard): Prepared {
  return (table) => {
    checkKey(table, key);
    return {
      table,
      key,
      decide(before) {
        guard(before);
        return undefined;
      },
    };
  };
}

/** Of a transaction. */
export function prepareCheck(input: DeleteInput): Prepared {
  const condition = readCondition(input);
  return toCheck(checkItem(input.Key), toGuard(condition, input));
}

/** `key`: checked but for its table. */
export function toCheck(key: Item, guard: Guard): Prepared {
  return (table) => {
    checkKey(table, key);
    return {
      table,
      key,
      decide(before) {
        guard(before);
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
  /** The older DELETE makes no item where there is none. */
  const makesNone =
    AttributeUpdates !== undefined &&
    actions.length > 0 &&
    actions.every(({ kind }) => kind === "remove" || kind === "delete");
  return toUpdate(checkItem(input.Key), actions, toGuard(condition, input), makesNone);
}

/** `key`: checked but for its table. `makesNone`: where there is no item, there is none afterwards. */
export function toUpdate(key: Item, actions: UpdateAction[], guard: Guard, makesNone = false): Prepared {
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
        guard(before);
        const item = before();
        if (item === undefined && makesNone) return "kept";
        const after = checkItem(applyUpdate(item ?? key, actions));
        checkItemKey(table, after);
        return after;
      },
    };
  };
}
