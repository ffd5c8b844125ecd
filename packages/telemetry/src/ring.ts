/** The newest `limit` of what was pushed. */
export class Ring<T> {
  readonly #limit: number;
  #items: T[] = [];
  #pushed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many were ever pushed. */
  get pushed(): number {
    return this.#pushed;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#pushed++;
    // Trimmed in bulk: a shift for each push would move the whole list.
    if (this.#items.length >= this.#limit * 2) this.#items = this.#items.slice(-this.#limit);
  }

  /** Oldest first. */
  filter(wanted: (item: T) => boolean): T[] {
    return this.#items.slice(-this.#limit).filter(wanted);
  }

  /** Those pushed after position `position` (a value of `pushed`) that are still kept. */
  since(position: number, wanted: (item: T) => boolean): T[] {
    const fresh = this.#pushed - position;
    return fresh <= 0 ? [] : this.#items.slice(-Math.min(fresh, this.#limit)).filter(wanted);
  }
}
