/** The adapter to the machine's clock: the only place in the kernel that touches real time or chance. */
import type { RealTime } from "../ports/real-time.ts";

const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock and event loop. */
export const realTime: RealTime = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run, options) {
    const start = (leftMs: number): NodeJS.Timeout => {
      const timer =
        leftMs > longestTimerMs
          ? setTimeout(() => {
              handle = start(leftMs - longestTimerMs);
            }, longestTimerMs)
          : setTimeout(run, Math.max(0, leftMs));
      if (options?.background === true) timer.unref();
      return timer;
    };
    let handle = start(delayMs);
    return () => {
      clearTimeout(handle);
    };
  },
  turn: () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    }),
};

/** A fresh seed, for runs that did not ask for one. */
export function randomSeed(): string {
  const words = new Uint32Array(2);
  globalThis.crypto.getRandomValues(words);
  return Array.from(words, (word) => word.toString(36)).join("");
}
