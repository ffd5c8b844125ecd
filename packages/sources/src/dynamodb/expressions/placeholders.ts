/**
 * ExpressionAttributeNames and ExpressionAttributeValues, and whether each is used.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
import { isServiceError } from "@tripline/kernel";
import { validation } from "../errors.ts";
import { type AttributeValue, checkValue } from "../values/attribute-value.ts";

/** As requests have them. */
export interface PlaceholderInput {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** The placeholders of one request. */
export class Placeholders {
  readonly #names: Map<string, string>;
  readonly #values: Map<string, AttributeValue>;
  readonly #used = new Set<string>();

  /** Throws ValidationException where a key or a value is wrong by itself. `expressions`: those that the request has. */
  constructor(input: PlaceholderInput, expressions: Readonly<Record<string, string | undefined>>) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
    const isWithout = Object.values(expressions).every((text) => text === undefined);
    if (names !== undefined && isWithout) throw onlyWith("ExpressionAttributeNames", expressions);
    if (values !== undefined && isWithout) throw onlyWith("ExpressionAttributeValues", expressions);
    if (names !== undefined && Object.keys(names).length === 0) {
      throw validation("ExpressionAttributeNames must not be empty");
    }
    if (values !== undefined && Object.keys(values).length === 0) {
      throw validation("ExpressionAttributeValues must not be empty");
    }
    this.#names = new Map(Object.entries(names ?? {}));
    this.#values = new Map(Object.entries(values ?? {}));
    for (const key of this.#names.keys()) {
      if (!/^#\w+$/.test(key)) {
        throw validation(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
      }
    }
    for (const [key, value] of this.#values) {
      if (!/^:\w+$/.test(key)) {
        throw validation(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
      }
      try {
        checkValue(value);
      } catch (error) {
        if (!isServiceError(error)) throw error;
        throw validation(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
      }
    }
  }

  name(key: string): string | undefined {
    this.#used.add(key);
    return this.#names.get(key);
  }

  value(key: string): AttributeValue | undefined {
    this.#used.add(key);
    return this.#values.get(key);
  }

  /** Once every expression is parsed. Throws ValidationException where one was not needed. */
  checkUsed(): void {
    for (const [member, keys] of [
      ["ExpressionAttributeNames", this.#names.keys()],
      ["ExpressionAttributeValues", this.#values.keys()],
    ] as const) {
      const unused = Array.from(keys).filter((key) => !this.#used.has(key));
      if (unused.length > 0) {
        throw validation(`Value provided in ${member} unused in expressions: keys: {${unused.join(", ")}}`);
      }
    }
  }
}

function onlyWith(member: string, expressions: Readonly<Record<string, unknown>>): Error {
  const able = Object.keys(expressions).filter((name) => name !== "ProjectionExpression");
  const told =
    member === "ExpressionAttributeNames" || able.length === 0
      ? ""
      : `: ${able.join(" and ")} ${able.length === 1 ? "is" : "are"} null`;
  return validation(`${member} can only be specified when using expressions${told}`);
}
