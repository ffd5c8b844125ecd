/**
 * The three kinds of error. Recognise them by brand (`isServiceError`, `isSimulatorError`), since they cross process boundaries.
 *
 * - `ServiceError`: what AWS would answer. Code, status and message as AWS has them.
 * - `SimulatorError`: what the user can mend. A `SIM_…` code, what happened, where, and the next step. Listed in `docs/errors.md`.
 * - `invariant`: our own bug. It stops the run.
 */

/** Options of {@link ServiceError}. */
export interface ServiceErrorOptions {
  /** HTTP status. Default 400. */
  status?: number;
  /** Whose fault: `Sender` (4xx) or `Receiver` (5xx). Default by status. */
  fault?: "Sender" | "Receiver";
  /** The older name that the query protocol and `x-amzn-query-error` carry, such as `AWS.SimpleQueueService.NonExistentQueue`. */
  queryCode?: string;
  /** Further members of the error's shape, such as `Reason` or `Type`. */
  members?: Readonly<Record<string, unknown>>;
  /** Response headers beside the error's body, names in lower case, such as `x-amz-delete-marker`. REST protocols send them. */
  headers?: Readonly<Record<string, string>>;
}

const serviceErrorBrand = "tripline.ServiceError";
const simulatorErrorBrand = "tripline.SimulatorError";

/** What AWS would answer: `new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404 })`. */
export class ServiceError extends Error {
  readonly brand: string = serviceErrorBrand;
  readonly code: string;
  readonly status: number;
  readonly fault: "Sender" | "Receiver";
  readonly queryCode: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options: ServiceErrorOptions = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.fault = options.fault ?? (this.status >= 500 ? "Receiver" : "Sender");
    this.queryCode = options.queryCode;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }
}

/** What a {@link SimulatorError} says. */
export interface SimulatorErrorText {
  /** What happened, one sentence. */
  what: string;
  /** File and line, resource, or option. */
  where?: string;
  /** What the user does now, one sentence. */
  next: string;
}

/** What the user can mend. The message reads `SIM_…: what`, then where, then next. */
export class SimulatorError extends Error {
  readonly brand: string = simulatorErrorBrand;
  readonly code: SimulatorErrorCode;
  readonly text: SimulatorErrorText;

  constructor(code: SimulatorErrorCode, text: SimulatorErrorText, options?: { cause?: unknown }) {
    super(`${code}: ${text.what}${text.where === undefined ? "" : `\n  at ${text.where}`}\n  ${text.next}`, options);
    this.name = "SimulatorError";
    this.code = code;
    this.text = text;
  }
}

/** Every code starts with `SIM_`; `docs/errors.md` lists them all. */
export type SimulatorErrorCode = `SIM_${Uppercase<string>}`;

export function isServiceError(error: unknown): error is ServiceError {
  return hasBrand(error, serviceErrorBrand);
}

export function isSimulatorError(error: unknown): error is SimulatorError {
  return hasBrand(error, simulatorErrorBrand);
}

/** Throws where `condition` does not hold: `invariant(taken <= limit, "Q2: more than the limit was taken")`. */
export function invariant(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new InvariantError(rule);
}

/** Our own bug. */
export class InvariantError extends Error {
  constructor(rule: string) {
    super(`Tripline broke its own rule ${rule}. This is a bug in Tripline: please report it with the text above.`);
    this.name = "InvariantError";
  }
}

function hasBrand(error: unknown, brand: string): boolean {
  return typeof error === "object" && error !== null && "brand" in error && error.brand === brand;
}
