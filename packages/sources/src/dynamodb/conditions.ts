/** The condition, and the projection, of a request: as expressions, or in the older parameters. */
import { conditionalCheckFailed, validation } from "./errors.ts";
import { isMet } from "./expressions/evaluate-condition.ts";
import { fromAttributesToGet, fromExpected, type LegacyExpected } from "./expressions/legacy.ts";
import { parseCondition } from "./expressions/parse-condition.ts";
import { type PlaceholderInput, Placeholders } from "./expressions/placeholders.ts";
import { parseProjection } from "./expressions/projection.ts";
import type { Condition, Path } from "./expressions/syntax.ts";
import type { Item } from "./values/attribute-value.ts";

/** What requests that write under a condition share. */
export interface ConditionInput extends PlaceholderInput {
  ConditionExpression?: string;
  ReturnValuesOnConditionCheckFailure?: string;
}

/** The older way to say it. */
export interface LegacyConditionInput {
  Expected?: Record<string, LegacyExpected>;
  ConditionalOperator?: string;
}

/** Throws ValidationException where both ways are used. */
export function refuseMixture(
  expressions: Readonly<Record<string, unknown>>,
  others: Readonly<Record<string, unknown>>,
): void {
  const given = (all: Readonly<Record<string, unknown>>): string[] =>
    Object.keys(all).filter((name) => all[name] !== undefined);
  const [modern, older] = [given(expressions), given(others)];
  if (modern.length === 0 || older.length === 0) return;
  throw validation(
    `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${older.join(", ")}} Expression parameters: {${modern.join(", ")}}`,
  );
}

/** Of PutItem and DeleteItem. Throws ValidationException. */
export function readCondition(input: ConditionInput & LegacyConditionInput): Condition | undefined {
  const { ConditionExpression, Expected, ConditionalOperator } = input;
  refuseMixture({ ConditionExpression }, { Expected, ConditionalOperator });
  const placeholders = new Placeholders(input, { ConditionExpression });
  const condition =
    ConditionExpression === undefined
      ? readExpected(input)
      : parseCondition("ConditionExpression", ConditionExpression, placeholders);
  placeholders.checkUsed();
  return condition;
}

/** Of Expected. Throws ValidationException. */
export function readExpected({ Expected, ConditionalOperator }: LegacyConditionInput): Condition | undefined {
  if (ConditionalOperator !== undefined && Expected === undefined) {
    throw validation("ConditionalOperator cannot be used without Filter or Expected");
  }
  if (ConditionalOperator !== undefined && Object.keys(Expected ?? {}).length < 2) {
    throw validation("ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
  return Expected === undefined ? undefined : fromExpected(Expected, ConditionalOperator);
}

/** Throws ConditionalCheckFailedException. */
export function checkCondition(
  condition: Condition | undefined,
  before: () => Item | undefined,
  { ReturnValuesOnConditionCheckFailure: shown }: ConditionInput,
): void {
  if (condition === undefined || isMet(condition, before() ?? {})) return;
  throw conditionalCheckFailed(shown === "ALL_OLD" ? before() : undefined);
}

/** What GetItem and the like have. */
export interface ProjectionInput extends PlaceholderInput {
  ProjectionExpression?: string;
  AttributesToGet?: string[];
}

/** Undefined: everything. Throws ValidationException. */
export function readProjection(input: ProjectionInput): Path[] | undefined {
  const { ProjectionExpression, AttributesToGet } = input;
  refuseMixture({ ProjectionExpression }, { AttributesToGet });
  const placeholders = new Placeholders(input, { ProjectionExpression });
  const paths =
    ProjectionExpression === undefined
      ? AttributesToGet && fromAttributesToGet(AttributesToGet)
      : parseProjection(ProjectionExpression, placeholders);
  placeholders.checkUsed();
  return paths;
}
