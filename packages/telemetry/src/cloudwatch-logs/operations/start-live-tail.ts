/**
 * StartLiveTail: events as they come, until the client goes away.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html
 *
 * V1. One update a second on the clock, with what came in that second, or nothing. On a virtual clock nothing is sent while nothing
 *     comes: so that an open session does not make a month of simulated time slow.
 * V2. An update has at most 500 events; where more came it says so (`sampled`).
 * V3. A session ends after three hours with SessionTimeoutException.
 */
import { after, type Operation, ServiceError, type StoredLogEvent } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import { compileFilterPattern } from "../filter-pattern/compile-filter-pattern.ts";
import type { LogsHouse } from "../house.ts";
import { limits } from "../limits.ts";

/** Input of StartLiveTail. */
export interface StartLiveTailInput {
  /** ARNs, without `:*`. */
  logGroupIdentifiers: string[];
  logStreamNames?: string[];
  logStreamNamePrefixes?: string[];
  logEventFilterPattern?: string;
}

/** One of these members. */
export interface LiveTailEvent {
  sessionStart?: StartLiveTailInput & { requestId: string; sessionId: string };
  sessionUpdate?: { sessionMetadata: { sampled: boolean }; sessionResults: LiveTailLogEvent[] };
  SessionTimeoutException?: { message: string };
}

/** One log event of an update. */
export interface LiveTailLogEvent {
  logStreamName: string;
  logGroupIdentifier: string;
  message: string;
  timestamp: number;
  ingestionTime: number;
}

const updateEveryMs = 1000;

/** See the module's header. */
export function startLiveTailOperation(
  house: LogsHouse,
): Operation<StartLiveTailInput, { responseStream: AsyncIterable<LiveTailEvent> }> {
  const { groups, rng } = house;
  const sessions = new Set<string>();
  return {
    name: "StartLiveTail",
    honoured: ["logGroupIdentifiers", "logStreamNames", "logStreamNamePrefixes", "logEventFilterPattern"],
    async run(input, context) {
      const selects = toSelection(house, input);
      for (const arn of input.logGroupIdentifiers) groups.find(arn);
      if (sessions.size >= limits.liveTailSessionsMax) {
        throw new ServiceError("LimitExceededException", "Too many concurrent Live Tail sessions.");
      }
      const sessionId = rng.uuid();
      sessions.add(sessionId);
      const end = (): void => {
        session.end();
      };
      const session = new LiveTailSession(house, selects, () => {
        sessions.delete(sessionId);
        context.signal.removeEventListener("abort", end);
      });
      context.signal.addEventListener("abort", end);
      const start = { requestId: context.requestId, sessionId, ...input };
      return { responseStream: session.events(start) };
    },
  };
}

type Selection = (group: string, stream: string, event: StoredLogEvent) => boolean;

function toSelection({ groups }: LogsHouse, input: StartLiveTailInput): Selection {
  const { logGroupIdentifiers: arns, logStreamNames, logStreamNamePrefixes } = input;
  if (arns.length === 0 || arns.length > limits.liveTailGroupsMax) {
    throw invalidParameter(`Between 1 and ${limits.liveTailGroupsMax} logGroupIdentifiers must be specified.`);
  }
  if (arns.some((arn) => !arn.startsWith("arn:") || arn.endsWith("*"))) {
    throw invalidParameter("The specified logGroupIdentifiers must be ARNs that do not end with an asterisk.");
  }
  if (logStreamNames !== undefined && logStreamNamePrefixes !== undefined) {
    throw invalidParameter("Only one of logStreamNames and logStreamNamePrefixes can be specified.");
  }
  if (arns.length > 1 && (logStreamNames ?? logStreamNamePrefixes) !== undefined) {
    throw invalidParameter("Log streams can be specified only with one log group.");
  }
  const names = new Set(arns.map((arn) => groups.toName(arn)));
  const matches = compileFilterPattern(input.logEventFilterPattern ?? "");
  return (group, stream, event) =>
    names.has(group) &&
    (logStreamNames === undefined || logStreamNames.includes(stream)) &&
    (logStreamNamePrefixes === undefined || logStreamNamePrefixes.some((prefix) => stream.startsWith(prefix))) &&
    matches(event.message);
}

/** One client's session: it begins when it is built, so that nothing is missed until the client reads. */
class LiveTailSession {
  readonly #house: LogsHouse;
  readonly #release: () => void;
  readonly #cancels: (() => void)[] = [];
  #results: LiveTailLogEvent[] = [];
  #isSampled = false;
  #isDue = false;
  #isArmed = false;
  #isTimedOut = false;
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(house: LogsHouse, selects: Selection, release: () => void) {
    const { clock, groups, keeper } = house;
    this.#house = house;
    this.#release = release;
    this.#cancels.push(
      keeper.listen((group, stream, event) => {
        if (!selects(group, stream, event)) return;
        this.#arm();
        if (this.#results.length === limits.liveTailUpdateEventsMax) this.#isSampled = true; // V2
        else {
          this.#results.push({
            logStreamName: stream,
            logGroupIdentifier: groups.toArn(group).replace(/^arn:aws:logs:[^:]*:(\d+):log-group:/, "$1:"),
            message: event.message,
            timestamp: event.timestampMs,
            ingestionTime: event.ingestionMs,
          });
        }
      }),
      after(clock, limits.liveTailSessionMs, () => {
        this.#isTimedOut = true; // V3
        this.#wake();
      }),
    );
    if (clock.mode !== "virtual") this.#arm();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const cancel of this.#cancels) cancel();
    this.#release();
    this.#wake();
  }

  async *events(start: NonNullable<LiveTailEvent["sessionStart"]>): AsyncGenerator<LiveTailEvent, void, undefined> {
    try {
      yield { sessionStart: start };
      while (!this.#isEnded) {
        if (this.#isTimedOut) {
          yield { SessionTimeoutException: { message: "The Live Tail session has timed out after three hours." } };
          return;
        }
        if (!this.#isDue) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        const sessionUpdate = { sessionMetadata: { sampled: this.#isSampled }, sessionResults: this.#results };
        this.#isDue = false;
        this.#isSampled = false;
        this.#results = [];
        if (this.#house.clock.mode !== "virtual") this.#arm();
        yield { sessionUpdate };
      }
    } finally {
      this.end();
    }
  }

  /** V1. */
  #arm(): void {
    if (this.#isArmed || this.#isEnded) return;
    this.#isArmed = true;
    const cancel = after(this.#house.clock, updateEveryMs, () => {
      this.#isArmed = false;
      this.#isDue = true;
      this.#cancels.splice(this.#cancels.indexOf(cancel), 1);
      this.#wake();
    });
    this.#cancels.push(cancel);
  }
}
