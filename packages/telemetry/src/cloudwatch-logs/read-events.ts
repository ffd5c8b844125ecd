/**
 * The events of a group in order, from chunks that overlap in time.
 *
 * M1. A chunk is opened before an event is given that may come after its first one. So at any time only chunks that overlap are open.
 */
import type { LogPosition, LogRead, LogStore, StoredLogEvent } from "@tripline/kernel";

/** An event with the stream that it is of. */
export interface StreamedEvent {
  stream: string;
  event: StoredLogEvent;
}

/** Which events. Both ends of time belong to it; `after` and `before` do not. */
export interface EventQuery extends Pick<LogRead, "group" | "streams" | "streamPrefix" | "fromMs" | "toMs"> {
  direction: "forward" | "backward";
  /** Forward: events after it. Backward: events before it. */
  beyond?: LogPosition;
}

interface Opened {
  stream: string;
  events: StoredLogEvent[];
  at: number;
}

const chunksAtOnce = 32;

/** See the module's header. */
export async function* readEvents(store: LogStore, query: EventQuery): AsyncGenerator<StreamedEvent, void, undefined> {
  const { beyond, direction, ...selection } = query;
  const sign = direction === "forward" ? 1 : -1;
  const bounds = { fromMs: query.fromMs, toMs: query.toMs };
  if (beyond !== undefined && sign === 1) bounds.fromMs = Math.max(bounds.fromMs, beyond.timestampMs);
  if (beyond !== undefined && sign === -1) bounds.toMs = Math.min(bounds.toMs, beyond.timestampMs);
  const chunks = readChunks(store, { ...selection, ...bounds, direction, limit: chunksAtOnce });
  const open: Opened[] = [];
  let next = await chunks.next();
  for (;;) {
    const best = earliest(open, sign);
    const waiting = next.done === true ? undefined : next.value;
    const first = waiting?.events[waiting.at];
    const candidate = best?.events[best.at];
    if (
      waiting !== undefined &&
      first !== undefined &&
      (candidate === undefined || compare(first, candidate) * sign < 0)
    ) {
      open.push(waiting); // M1
      next = await chunks.next();
      continue;
    }
    if (best === undefined || candidate === undefined) return;
    best.at += sign;
    if (best.events[best.at] === undefined) open.splice(open.indexOf(best), 1);
    if (candidate.timestampMs < bounds.fromMs || candidate.timestampMs > bounds.toMs) continue;
    if (beyond !== undefined && compare(candidate, beyond) * sign <= 0) continue;
    yield { stream: best.stream, event: candidate };
  }
}

async function* readChunks(store: LogStore, query: LogRead): AsyncGenerator<Opened, undefined, undefined> {
  let cursor: LogPosition | undefined;
  do {
    const page = await store.read(cursor === undefined ? query : { ...query, cursor });
    for (const { stream, events } of page.chunks)
      yield { stream, events, at: query.direction === "forward" ? 0 : events.length - 1 };
    cursor = page.cursor;
  } while (cursor !== undefined);
  return undefined;
}

function earliest(open: readonly Opened[], sign: 1 | -1): Opened | undefined {
  let best: Opened | undefined;
  let least: StoredLogEvent | undefined;
  for (const one of open) {
    const event = one.events[one.at];
    if (event === undefined || (least !== undefined && compare(event, least) * sign >= 0)) continue;
    best = one;
    least = event;
  }
  return best;
}

function compare(a: LogPosition, b: LogPosition): number {
  return a.timestampMs - b.timestampMs || a.sequence - b.sequence;
}
