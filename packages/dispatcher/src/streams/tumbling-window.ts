/**
 * Tumbling windows: pure. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 *
 * W1. Windows are aligned to the epoch; a record belongs to the one that holds its arrival.
 * W2. State passes from invoke to invoke of one window, and is dropped after the final one.
 * W3. State over 1 MB ends the window early: an invoke without records is its last, and what follows of the same window begins with
 *     fresh state.
 * The alignment, and that the invoke of W3 is marked as final too, are not documented.
 */

/** A window that has begun. */
export interface OpenWindow {
  startMs: number;
  state: unknown;
  /** W3 */
  isOverfull?: boolean;
}

export const stateBytesMax = 1_048_576;

/** When the window of a record that arrived at `arrivedAtMs` begins. */
export function windowStartMs(arrivedAtMs: number, windowMs: number): number {
  return Math.floor(arrivedAtMs / windowMs) * windowMs;
}

/** What the event has beside its records. */
export function toWindowMembers(
  window: OpenWindow,
  windowMs: number,
  facts: { shardId: string; streamArn: string; isFinal: boolean; isEarly: boolean },
): string {
  const members = {
    window: { start: toSeconds(window.startMs), end: toSeconds(window.startMs + windowMs) },
    state: window.state,
    shardId: facts.shardId,
    eventSourceARN: facts.streamArn,
    isFinalInvokeForWindow: facts.isFinal,
    isWindowTerminatedEarly: facts.isEarly,
  };
  return JSON.stringify(members).slice(1, -1);
}

/** `2026-01-01T00:00:00Z` */
function toSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** The state in a function's response; undefined where there is none, which fails the invoke. */
export function readState(payload: Uint8Array): { state: unknown; isOverfull: boolean } | undefined {
  let response: unknown;
  try {
    response = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
  if (typeof response !== "object" || response === null || !("state" in response)) return undefined;
  const { state } = response;
  if (typeof state !== "object" || state === null || Array.isArray(state)) return undefined;
  return { state, isOverfull: Buffer.byteLength(JSON.stringify(state)) > stateBytesMax };
}
