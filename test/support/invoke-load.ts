/**
 * Asynchronous invocations of a function that notes down what it was given, and a record of what was acknowledged.
 *
 * V1. What was acknowledged is noted at least once.
 * V2. Nothing is noted that was never sent.
 */
import type { Load } from "./kill-rounds.ts";
import type { RawAnswer, RawClient } from "./raw-client.ts";

/** How often the notes are read until all are there: each reading waits for an invocation of its own. */
const readingsMax = 2_000;

/** Load on `functionName`, which notes `note` of its event, and answers every note to an event without one. */
export function createInvokeLoad(functionName: string, { callers = 2 }: { callers?: number } = {}): Load {
  const asked = new Set<string>();
  const acknowledged = new Set<string>();
  const invoke = (client: RawClient, event: object, type: string): Promise<RawAnswer | undefined> =>
    client.send({
      service: "lambda",
      path: `/2015-03-31/functions/${functionName}/invocations`,
      headers: { "x-amz-invocation-type": type },
      body: JSON.stringify(event),
    });

  return {
    name: `invocations of ${functionName}`,
    async run(client, _chance, tellAcknowledged) {
      const call = async (): Promise<void> => {
        for (;;) {
          const note = `note-${asked.size}`;
          asked.add(note);
          const answer = await invoke(client, { note }, "Event");
          if (answer === undefined) return;
          if (answer.status !== 202)
            throw new Error(`Invoke was answered with ${answer.status}: ${answer.body.toString()}`);
          acknowledged.add(note);
          tellAcknowledged();
        }
      };
      await Promise.all(Array.from({ length: callers }, call));
    },
    async checkAtEnd(client) {
      let missing: string[] = [];
      for (let reading = 0; reading < readingsMax; reading++) {
        const answer = await invoke(client, {}, "RequestResponse");
        const notes = new Set((JSON.parse(answer?.body.toString() ?? "[]") as string[]).filter((note) => note !== ""));
        const strange = Array.from(notes).filter((note) => !asked.has(note));
        if (strange.length > 0) throw new Error(`V2: ${strange.slice(0, 3).join(", ")} was never sent`);
        missing = Array.from(acknowledged).filter((note) => !notes.has(note));
        if (missing.length === 0) return;
      }
      throw new Error(
        `V1: ${missing.length} of ${acknowledged.size} are lost, such as ${missing.slice(0, 3).join(", ")}`,
      );
    },
  };
}
