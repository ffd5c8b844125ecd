/** Who wants to know of new streams, and of what happens to one: its records, its shards. */
import type { Cancel } from "@tripline/kernel";

type Run = () => void;

/** Streams are told apart by any text that is theirs alone: a name, an ARN. */
export class StreamWatchers {
  readonly #onCreated = new Set<Run>();
  readonly #onChange = new Map<string, Set<Run>>();

  created(): void {
    call(this.#onCreated);
  }

  /** Records were appended, or shards opened or closed. */
  changed(stream: string): void {
    call(this.#onChange.get(stream) ?? []);
  }

  onCreated(run: Run): Cancel {
    return add(this.#onCreated, run);
  }

  onChange(stream: string, run: Run): Cancel {
    const all = this.#onChange.get(stream) ?? new Set();
    this.#onChange.set(stream, all);
    return add(all, run);
  }
}

function add(all: Set<Run>, run: Run): Cancel {
  const own = (): void => {
    run(); // a function of its own, so that the same one can be added twice
  };
  all.add(own);
  return () => {
    all.delete(own);
  };
}

/** A copy is called: a run may add and remove. */
function call(all: Iterable<Run>): void {
  for (const run of Array.from(all)) run();
}
