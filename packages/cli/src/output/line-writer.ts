import type { RealTime } from "@tripline/kernel";

/** Writes lines, those of one turn of the event loop in one piece: a busy simulator prints tens of thousands a second. */
export interface LineWriter {
  write(text: string): void;
  /** Writes what waits. */
  flush(): void;
}

/** A writer to `stream`. `isHeld`: nothing is written before the first `flush`. */
export function createLineWriter(
  stream: { write(text: string): unknown },
  realTime: RealTime,
  { isHeld = false }: { isHeld?: boolean } = {},
): LineWriter {
  let waiting = "";
  let holds = isHeld;
  const flush = (): void => {
    const text = waiting;
    waiting = "";
    holds = false;
    if (text !== "") stream.write(text);
  };
  return {
    write(text) {
      if (waiting === "" && !holds) void realTime.turn().then(flush);
      waiting += text;
    },
    flush,
  };
}
