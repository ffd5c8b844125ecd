/**
 * What is in flight right now, by name. The virtual clock moves only while nothing is.
 * Every invocation, storage commit, delivery and file operation is begun here and ended exactly once.
 */
export class Activity {
  readonly #labels = new Map<number, string>();
  #next = 0;
  #waiting: (() => void)[] = [];

  /** Something named `label` is in flight until the returned function is called. */
  begin(label: string): () => void {
    const id = this.#next++;
    this.#labels.set(id, label);
    return () => {
      if (!this.#labels.delete(id) || this.#labels.size > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    };
  }

  /** Holds `label` in flight while `work` runs. */
  async track<T>(label: string, work: () => Promise<T>): Promise<T> {
    const end = this.begin(label);
    try {
      return await work();
    } finally {
      end();
    }
  }

  isIdle(): boolean {
    return this.#labels.size === 0;
  }

  /** Names of what is in flight, each once, with a count where there are several. */
  pending(): string[] {
    const counts = new Map<string, number>();
    for (const label of this.#labels.values()) counts.set(label, (counts.get(label) ?? 0) + 1);
    return Array.from(counts, ([label, count]) => (count === 1 ? label : `${label} (${count} times)`));
  }

  /** Calls `run` once when nothing is in flight: at once if that is so now. */
  onIdle(run: () => void): void {
    if (this.isIdle()) run();
    else this.#waiting.push(run);
  }
}
