/**
 * Which partitions, and which ranges of sort keys, WHERE of a SELECT leads to.
 *
 * R1. A condition that gives the partition key by `=` or IN in each of its alternatives is read by queries, one for each alternative; any
 *     other is a scan. The condition is checked again for each item, so a read may be wider than it, and is never narrower.
 * R2. Alternatives must not read an item twice: AWS refuses those that overlap, and more than fifty.
 *
 * Texts are AWS's. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
 */
import { validation } from "../errors.ts";
import { highestSort, type KeyTerm, toBounds } from "../expressions/key-condition.ts";
import type { Condition, Operand } from "../expressions/syntax.ts";
import { statementReadsMax } from "../limits.ts";
import type { KeySchema, Table } from "../table.ts";
import { areEqual, type AttributeValue, typeOf } from "../values/attribute-value.ts";

/** One query. */
export interface KeyRead {
  partition: AttributeValue;
  from: Buffer;
  /** Exclusive. */
  to: Buffer;
  /** What else is asked of its items. */
  filters: readonly Condition[];
}

type Alternative = Omit<KeyRead, "partition"> & { partition?: AttributeValue };

const everything: Alternative = { from: Buffer.alloc(0), to: highestSort, filters: [] };
const turned = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;
const alternativesMax = 1_000;

/** In the order of the statement; undefined: a scan. Throws ValidationException. */
export function toKeyReads(where: Condition | undefined, table: Table, key: KeySchema): KeyRead[] | undefined {
  if (where === undefined) return undefined;
  const reads: KeyRead[] = [];
  for (const { partition, ...rest } of spread(where, table, key)) {
    if (partition === undefined) return undefined;
    if (Buffer.compare(rest.from, rest.to) < 0) reads.push({ partition, ...rest });
  }
  if (reads.length > statementReadsMax) throw tooMany();
  checkOverlap(reads);
  return reads;
}

function tooMany(): Error {
  return validation("Too many decomposed read operations for a given query.");
}

/** R2. */
function checkOverlap(reads: readonly KeyRead[]): void {
  for (const [at, one] of reads.entries()) {
    for (const two of reads.slice(0, at)) {
      if (!areEqual(one.partition, two.partition)) continue;
      if (Buffer.compare(one.from, two.to) < 0 && Buffer.compare(two.from, one.to) < 0) {
        throw validation("Overlapping conditions with range keys are not supported in where clause");
      }
    }
  }
}

function spread(condition: Condition, table: Table, key: KeySchema): Alternative[] {
  switch (condition.kind) {
    case "and": {
      const [left, right] = [spread(condition.left, table, key), spread(condition.right, table, key)];
      if (left.length * right.length > alternativesMax) throw tooMany();
      return left.flatMap((one) => right.flatMap((two) => both(one, two)));
    }
    case "or": {
      const all = [...spread(condition.left, table, key), ...spread(condition.right, table, key)];
      return all.some(isBound) ? all : [{ ...everything, filters: [condition] }];
    }
    default: {
      const terms = termsOf(condition);
      const name = terms[0]?.attribute;
      const isKey = name === key.hash ? terms[0]?.operator === "=" : name !== undefined && name === key.range;
      if (!isKey) return [{ ...everything, filters: [condition] }];
      return terms.map((term) => {
        checkTypes(term, table);
        if (name === key.hash) return { ...everything, partition: term.values[0] ?? {} };
        const [from, to] = toBounds(term);
        return { ...everything, from, to };
      });
    }
  }
}

function isBound({ partition, from, to }: Alternative): boolean {
  return partition !== undefined || from.length > 0 || to !== highestSort;
}

/** None where there cannot be an item. */
function both(one: Alternative, two: Alternative): Alternative[] {
  if (one.partition !== undefined && two.partition !== undefined && !areEqual(one.partition, two.partition)) return [];
  const partition = one.partition ?? two.partition;
  return [
    {
      ...(partition === undefined ? {} : { partition }),
      from: Buffer.compare(one.from, two.from) < 0 ? two.from : one.from,
      to: Buffer.compare(one.to, two.to) < 0 ? one.to : two.to,
      filters: [...one.filters, ...two.filters],
    },
  ];
}

/** A condition on one attribute, as alternatives of which a key can be asked; none where it is another. */
function termsOf(condition: Condition): KeyTerm[] {
  switch (condition.kind) {
    case "compare": {
      const { comparator, left, right } = condition;
      if (comparator === "<>") return [];
      return left.kind === "path" ? toTerms(left, comparator, [right]) : toTerms(right, turned[comparator], [left]);
    }
    case "between":
      return toTerms(condition.operand, "BETWEEN", [condition.low, condition.high]);
    case "beginsWith":
      return toTerms(condition.operand, "begins_with", [condition.argument]);
    case "in": {
      const terms = condition.options.map((option) => toTerms(condition.operand, "=", [option]));
      return terms.some(({ length }) => length === 0) ? [] : terms.flat();
    }
    default:
      return [];
  }
}

function toTerms(operand: Operand, operator: KeyTerm["operator"], given: readonly Operand[]): KeyTerm[] {
  const [attribute] = operand.kind === "path" && operand.path.length === 1 ? operand.path : [];
  const values = given.flatMap((one) => (one.kind === "value" ? [one.value] : []));
  return typeof attribute === "string" && values.length === given.length ? [{ attribute, operator, values }] : [];
}

function checkTypes({ attribute, values }: KeyTerm, table: Table): void {
  for (const value of values) {
    const type = typeOf(value);
    if (type !== "S" && type !== "N" && type !== "B") {
      throw validation(`Key value must be of type S, N, or B. Key name: ${attribute}, Key type: ${type}`);
    }
    if (type !== table.attributes[attribute]) {
      throw validation(`Key attribute's data type should match its data type in table's schema: Key ${attribute}`);
    }
  }
}
