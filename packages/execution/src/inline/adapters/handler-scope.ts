/**
 * What a handler that runs inside the simulator's own process sees of it: its function's environment variables, its own log, and on
 * the virtual clock the simulated time. Everything outside a handler sees what it always did.
 *
 * S1. `process.env`, `console` and (virtual time only) `Date` answer by the handler that is running, told by its asynchronous context.
 * S2. They are replaced while at least one scope is installed, and put back after the last.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";

/** What one handler sees. */
export interface HandlerScope {
  environment: Readonly<Record<string, string>>;
  /** Epoch milliseconds of simulated time; undefined: the machine's own. */
  now: (() => number) | undefined;
  /** A line of console output. */
  log(level: ConsoleLevel, message: string): void;
}

/** Lambda's names of the levels that `console` has. */
export type ConsoleLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";

const scopes = new AsyncLocalStorage<HandlerScope>();
const consoleLevels = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

/** Runs `work`, and all that it starts, in `scope`. */
export function runInScope<T>(scope: HandlerScope, work: () => T): T {
  return scopes.run(scope, work);
}

let installed = 0;
let restore: (() => void) | undefined;

/** Begins S1; the returned function ends it. */
export function installHandlerScopes(options: { virtualTime: boolean }): () => void {
  if (installed++ === 0) restore = replaceGlobals();
  const restoreDate = options.virtualTime ? installDate() : undefined;
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    restoreDate?.();
    if (--installed === 0) restore?.();
  };
}

function replaceGlobals(): () => void {
  const originalEnv = process.env;
  process.env = createScopedEnvironment(originalEnv);
  const originals = new Map<keyof typeof consoleLevels, (...args: unknown[]) => void>();
  for (const [method, level] of Object.entries(consoleLevels) as [keyof typeof consoleLevels, ConsoleLevel][]) {
    const original = console[method].bind(console);
    originals.set(method, console[method]);
    console[method] = (...args: unknown[]) => {
      const scope = scopes.getStore();
      if (scope === undefined) original(...args);
      else scope.log(level, format(...args));
    };
  }
  return () => {
    process.env = originalEnv;
    for (const [method, original] of originals) console[method] = original;
  };
}

/** A handler reads and writes variables of its own, on top of none of the simulator's. */
function createScopedEnvironment(original: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const written = new WeakMap<HandlerScope, Record<string, string>>();
  const current = (): NodeJS.ProcessEnv => {
    const scope = scopes.getStore();
    if (scope === undefined) return original;
    let own = written.get(scope);
    if (own === undefined) {
      own = { ...scope.environment };
      written.set(scope, own);
    }
    return own;
  };
  return new Proxy(original, {
    get: (_target, key) => Reflect.get(current(), key) as unknown,
    set: (_target, key, value) => Reflect.set(current(), key, String(value)),
    has: (_target, key) => Reflect.has(current(), key),
    deleteProperty: (_target, key) => Reflect.deleteProperty(current(), key),
    ownKeys: () => Reflect.ownKeys(current()),
    getOwnPropertyDescriptor: (_target, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(current(), key);
      return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
    },
  });
}

let dateInstalled = 0;
let originalDate: DateConstructor | undefined;

function installDate(): () => void {
  if (dateInstalled++ === 0) {
    const RealDate = globalThis.Date;
    originalDate = RealDate;
    const now = (): number => scopes.getStore()?.now?.() ?? RealDate.now();
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args: unknown[], newTarget) =>
        Reflect.construct(
          target,
          args.length === 0 ? [now()] : args,
          newTarget === globalThis.Date ? target : newTarget,
        ) as object,
      apply: () => new RealDate(now()).toString(),
      get: (target, key, receiver) =>
        key === "now" ? now : (Reflect.get(target, key, receiver === globalThis.Date ? target : receiver) as unknown),
    });
  }
  return () => {
    if (--dateInstalled === 0 && originalDate !== undefined) globalThis.Date = originalDate;
  };
}
