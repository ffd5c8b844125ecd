/** Results by scope (an API's stage) and key, until they are too old. */
export class ResultCache {
  readonly #scopes = new Map<string, Map<string, { value: unknown; untilMs: number }>>();
  static readonly entriesMax = 10_000;

  get<Value>(scope: string, key: string, nowMs: number): Value | undefined {
    const entries = this.#scopes.get(scope);
    const entry = entries?.get(key);
    if (entry === undefined) return undefined;
    if (entry.untilMs > nowMs) return entry.value as Value;
    entries?.delete(key);
    return undefined;
  }

  put(scope: string, key: string, value: unknown, untilMs: number): void {
    let entries = this.#scopes.get(scope);
    if (entries === undefined) this.#scopes.set(scope, (entries = new Map()));
    if (entries.size >= ResultCache.entriesMax) {
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    }
    entries.set(key, { value, untilMs });
  }

  flush(scope: string): void {
    this.#scopes.delete(scope);
  }
}
