import type { RealTime } from "@tripline/kernel";

/** Writes lines, those of one turn of the event loop in one piece: a busy simulator prints tens of thousands a second. */
export interface LineWriter {
  write(text: string): void;
  /** Writes what waits for the end of the turn. */
  flush(): void;
}

/** A writer to `stream`. */
export function createLineWriter(stream: { write(text: string): unknown }, realTime: RealTime): LineWriter {
  let waiting = "";
  const flush = (): void => {
    const text = waiting;
    waiting = "";
    if (text !== "") stream.write(text);
  };
  return {
    write(text) {
      if (waiting === "") void realTime.turn().then(flush);
      waiting += text;
    },
    flush,
  };
}
