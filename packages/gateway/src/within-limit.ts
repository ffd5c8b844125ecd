import type { RealTime } from "@tripline/kernel";

/** What was called for, or `timeout`. The limit is real time, on a virtual clock too: it guards a real process. Rejects as `called` does. */
export function withinLimit<Answer>(
  realTime: RealTime,
  limitMs: number,
  called: Promise<Answer>,
): Promise<Answer | "timeout"> {
  return new Promise((resolve, reject) => {
    const cancel = realTime.after(limitMs, () => {
      resolve("timeout");
    });
    called.then(resolve, reject).finally(cancel);
  });
}
