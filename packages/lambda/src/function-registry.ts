/**
 * The functions that exist. Held in memory, kept in the document store.
 *
 * F1. A change is durable before it is seen.
 * F2. Every change of a definition raises its revision.
 * Differs from AWS until versions and aliases are simulated: the only qualifier is `$LATEST`.
 */
import type { Cancel, Clock, DocumentStore, FunctionDirectory, FunctionFacts, Rng, Scope } from "@tripline/kernel";
import { toArn } from "@tripline/kernel";
import { functionNotFound } from "./errors.ts";
import { type FunctionDefinition, toFunctionFacts } from "./function-definition.ts";
import { type FunctionReference, parseFunctionReference } from "./function-reference.ts";

const kind = "lambda-function";

/** See the module's header. */
export class FunctionRegistry implements FunctionDirectory {
  readonly #functions = new Map<string, FunctionDefinition>();
  readonly #onChange = new Set<() => void>();
  readonly #options: { clock: Clock; rng: Rng; scope: Scope; documents: DocumentStore };

  constructor(options: { clock: Clock; rng: Rng; scope: Scope; documents: DocumentStore }) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#options.documents.list<FunctionDefinition>(kind)) {
      this.#functions.set(key, value);
    }
  }

  list(): FunctionDefinition[] {
    return [...this.#functions.values()].sort((a, b) => (a.functionName < b.functionName ? -1 : 1));
  }

  get(functionName: string): FunctionDefinition | undefined {
    return this.#functions.get(functionName);
  }

  find(functionName: string, qualifier?: string): FunctionFacts | undefined {
    let reference: FunctionReference;
    try {
      reference = parseFunctionReference(functionName, qualifier);
    } catch {
      return undefined; // what is no reference names no function
    }
    const definition = this.#functions.get(reference.functionName);
    if (definition === undefined || !isLatest(reference.qualifier)) return undefined;
    return toFunctionFacts(definition);
  }

  /** The definition that `reference` stands for. Throws `ResourceNotFoundException`. */
  resolve(functionName: string, qualifier?: string): FunctionDefinition {
    const reference = parseFunctionReference(functionName, qualifier);
    const definition = this.#functions.get(reference.functionName);
    if (definition === undefined || !isLatest(reference.qualifier)) {
      throw functionNotFound(this.toArn(reference.functionName), reference.qualifier);
    }
    return definition;
  }

  toArn(functionName: string): string {
    return toArn(this.#options.scope, "lambda", `function:${functionName}`);
  }

  /** Keeps `draft` under a new revision (F1, F2). */
  async save(
    draft: Omit<FunctionDefinition, "revision" | "revisionId" | "lastModifiedMs">,
  ): Promise<FunctionDefinition> {
    const before = this.#functions.get(draft.functionName);
    const definition: FunctionDefinition = {
      ...draft,
      revision: (before?.revision ?? 0) + 1,
      revisionId: this.#options.rng.uuid(),
      lastModifiedMs: this.#options.clock.now(),
    };
    await this.#options.documents.put(kind, definition.functionName, definition);
    this.#functions.set(definition.functionName, definition);
    for (const run of this.#onChange) run();
    return definition;
  }

  onChange(run: () => void): Cancel {
    this.#onChange.add(run);
    return () => {
      this.#onChange.delete(run);
    };
  }

  async delete(functionName: string): Promise<void> {
    await this.#options.documents.delete(kind, functionName);
    this.#functions.delete(functionName);
    for (const run of this.#onChange) run();
  }
}

function isLatest(qualifier: string | undefined): boolean {
  return qualifier === undefined || qualifier === "$LATEST";
}
