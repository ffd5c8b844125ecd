/** The newest of what was pushed: no more than `entriesMax`, and no more than `bytesMax` by `weigh`; the last one is kept whatever it weighs. */
export class Ring<T> {
  readonly #entriesMax: number;
  readonly #bytesMax: number;
  readonly #weigh: (item: T) => number;
  #items: T[] = [];
  /** Where the kept ones begin: what is before goes in bulk, since a shift for each push would move the whole list. */
  #head = 0;
  #pushed = 0;
  #bytes = 0;

  constructor(bounds: { entriesMax: number; bytesMax?: number }, weigh: (item: T) => number = () => 0) {
    this.#entriesMax = bounds.entriesMax;
    this.#bytesMax = bounds.bytesMax ?? Number.POSITIVE_INFINITY;
    this.#weigh = weigh;
  }

  /** How many were ever pushed. */
  get pushed(): number {
    return this.#pushed;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#pushed++;
    this.#bytes += this.#weigh(item);
    while (this.#length > 1 && (this.#length > this.#entriesMax || this.#bytes > this.#bytesMax)) this.#drop();
    if (this.#head > 64 && this.#head * 4 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Oldest first. */
  filter(wanted: (item: T) => boolean): T[] {
    return this.#items.slice(this.#head).filter(wanted);
  }

  /** Those pushed after position `position` (a value of `pushed`) that are still kept. */
  since(position: number, wanted: (item: T) => boolean): T[] {
    const fresh = Math.min(this.#pushed - position, this.#length);
    return fresh <= 0 ? [] : this.#items.slice(-fresh).filter(wanted);
  }

  get #length(): number {
    return this.#items.length - this.#head;
  }

  #drop(): void {
    const item = this.#items[this.#head];
    if (item !== undefined) this.#bytes -= this.#weigh(item);
    this.#head++;
  }
}
