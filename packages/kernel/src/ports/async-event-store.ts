/**
 * Where Lambda's asynchronous events wait: one atomic call each, durable when it resolves. Events of one function are ordered by
 * (due, sequence); those of different functions do not know of each other.
 */

/** An event to be kept. Times are whole epoch milliseconds. */
export interface NewAsyncEvent {
  /** Name, without ARN or qualifier. */
  functionName: string;
  /** As asked for: a version or an alias. */
  qualifier?: string;
  /** The same for every attempt. */
  requestId: string;
  deliveryId: string;
  parentId?: string;
  source: string;
  sourceArn?: string;
  traceId?: string;
  payload: Uint8Array;
  acceptedAtMs: number;
  /** When it is to be invoked next. */
  dueMs: number;
}

/** What changes between two attempts. */
export interface AsyncEventProgress {
  dueMs: number;
  /** How often the function ran with it. */
  invokeCount: number;
  /** How often in a row it was turned away: by throttling, or by whoever takes its outcome. */
  backoffCount: number;
  /** What its keeper must know at the next attempt, as text. */
  note?: string;
}

/** An event as it is kept. */
export interface AsyncEvent extends NewAsyncEvent, AsyncEventProgress {
  /** Increases with each event of the store; never reused. */
  sequence: number;
}

/** A place in the order of one function's events: the next one is after it. */
export interface AsyncEventPosition {
  dueMs: number;
  sequence: number;
}

/** Keeps asynchronous events: see the module's header. */
export interface AsyncEventStore {
  /** All of them, or none. */
  add(events: readonly NewAsyncEvent[]): Promise<void>;
  /** The next events of a function that are due, in order: at most `max`, and fewer where their payloads exceed `payloadBytesMax` (but one at least). */
  due(
    functionName: string,
    options: { after: AsyncEventPosition; nowMs: number; max: number; payloadBytesMax: number },
  ): Promise<AsyncEvent[]>;
  /** When the function's next event after `after` is due; undefined where there is none. */
  nextDueMs(functionName: string, after: AsyncEventPosition): Promise<number | undefined>;
  /** Unknown sequences are ignored. */
  reschedule(sequence: number, progress: AsyncEventProgress): Promise<void>;
  /** Unknown sequences are ignored. */
  remove(sequences: readonly number[]): Promise<void>;
  /** Names of the functions that have events, in order. */
  functionNames(): Promise<string[]>;
  /** How many events a function has, due or not. */
  count(functionName: string): Promise<number>;
}
