/**
 * Sends, receives and deletes on one queue whose visibility timeout is below 6 s, and a record of what was acknowledged.
 *
 * K1. A message whose send was acknowledged is there until its delete was asked for.
 * K2. A message whose delete was acknowledged does not come back.
 * K3. Nothing is there that was never sent, and no message twice.
 * K4. In a FIFO queue, what is left of a group comes in the order in which it was sent.
 */
import type { Load } from "./kill-rounds.ts";
import type { RawClient } from "./raw-client.ts";
import type { Chance } from "./seeded-chance.ts";

interface Received {
  Messages?: { Body: string; MessageId: string; ReceiptHandle: string }[];
}
type Outcome = "asked" | "acknowledged";

/** Load on `queueName` by `senders` and `receivers` at once. */
export function createQueueLoad(
  queueName: string,
  { senders = 4, receivers = 2 }: { senders?: number; receivers?: number } = {},
): Load {
  const QueueUrl = `http://127.0.0.1/000000000000/${queueName}`;
  const isFifo = queueName.endsWith(".fifo");
  const sends = new Map<string, Outcome>();
  const deletes = new Map<string, Outcome>();
  let next = 0;

  /** Bodies are `<group> <number>`: a group has one sender, so that numbers of a group increase. */
  const toEntry = (
    group: number,
  ): { MessageBody: string; MessageGroupId?: string; MessageDeduplicationId?: string } => {
    const MessageBody = `${group} ${next++}`;
    sends.set(MessageBody, "asked");
    return isFifo
      ? { MessageBody, MessageGroupId: `g${group}`, MessageDeduplicationId: MessageBody.replace(" ", "-") }
      : { MessageBody };
  };

  const sendOnce = async (client: RawClient, chance: Chance, group: number): Promise<number | undefined> => {
    if (chance.between(0, 1) === 0) {
      const entry = toEntry(group);
      if ((await client.sqs("SendMessage", { QueueUrl, ...entry })) === undefined) return undefined;
      sends.set(entry.MessageBody, "acknowledged");
      return 1;
    }
    const entries = Array.from({ length: chance.between(1, 10) }, (_, index) => ({
      Id: String(index),
      ...toEntry(group),
    }));
    const output = await client.sqs<{ Successful: { Id: string }[] }>("SendMessageBatch", {
      QueueUrl,
      Entries: entries,
    });
    if (output === undefined) return undefined;
    for (const { Id } of output.Successful) sends.set(entries[Number(Id)]?.MessageBody ?? "", "acknowledged");
    return output.Successful.length;
  };

  const receiveOnce = async (client: RawClient, chance: Chance): Promise<number | undefined> => {
    const output = await client.sqs<Received>("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    if (output === undefined) return undefined;
    const all = (output.Messages ?? []).map((message, index) => ({ Id: String(index), ...message }));
    // The first ones, so that what is left of a group is still a run of it.
    const done = all.slice(0, chance.between(0, 10));
    for (const { Body } of done) deletes.set(Body, "asked");
    if (done.length > 0) {
      const Entries = done.map(({ Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
      const deleted = await client.sqs<{ Successful: { Id: string }[] }>("DeleteMessageBatch", { QueueUrl, Entries });
      if (deleted === undefined) return undefined;
      for (const { Id } of deleted.Successful) deletes.set(all[Number(Id)]?.Body ?? "", "acknowledged");
    }
    const rest = all.slice(done.length);
    if (rest.length > 0) {
      const Entries = rest.map(({ Id, ReceiptHandle }) => ({ Id, ReceiptHandle, VisibilityTimeout: 0 }));
      if ((await client.sqs("ChangeMessageVisibilityBatch", { QueueUrl, Entries })) === undefined) return undefined;
    }
    return done.length;
  };

  const untilSilence = async (once: () => Promise<number | undefined>, acknowledged: () => void): Promise<void> => {
    for (;;) {
      const count = await once();
      if (count === undefined) return;
      for (let index = 0; index < count; index++) acknowledged();
    }
  };

  const countOf = (outcomes: ReadonlyMap<string, Outcome>, wanted: Outcome): number =>
    Array.from(outcomes.values()).filter((one) => one === wanted).length;

  return {
    name: queueName,
    async run(client, chance, acknowledged) {
      await Promise.all([
        ...Array.from({ length: senders }, (_, group) =>
          untilSilence(() => sendOnce(client, chance, group), acknowledged),
        ),
        ...Array.from({ length: receivers }, () => untilSilence(() => receiveOnce(client, chance), acknowledged)),
      ]);
    },

    async checkAfterRestart(client) {
      const output = await client.sqs<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      });
      const depth = Object.values(output?.Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
      const least = countOf(sends, "acknowledged") - deletes.size;
      const most = sends.size - countOf(deletes, "acknowledged");
      if (depth < least || depth > most)
        throw new Error(`${queueName} holds ${depth} messages, not ${least} to ${most}`);
    },

    async checkAtEnd(client) {
      const left = await drain(client, QueueUrl);
      const bodies = left.map(({ Body }) => Body);
      const there = new Set(bodies);
      const lost = Array.from(sends.keys()).filter(
        (body) => sends.get(body) === "acknowledged" && !deletes.has(body) && !there.has(body),
      );
      const back = bodies.filter((body) => deletes.get(body) === "acknowledged");
      const unknown = bodies.filter((body) => !sends.has(body));
      const twice = bodies.filter((body, index) => bodies.indexOf(body) !== index);
      const overtaken = isFifo
        ? bodies.filter((body, index) => index > 0 && overtakes(body, bodies.slice(0, index)))
        : [];
      const wrong = { lost, back, unknown, twice, overtaken };
      if (Object.values(wrong).some((list) => list.length > 0))
        throw new Error(`${queueName}: ${JSON.stringify(wrong)}`);
      if (left.length === 0 || deletes.size === 0) throw new Error(`${queueName}: too little load to tell`);
    },
  };
}

/** Everything that is left, in the order in which it is handed out. A long poll that comes back empty has outlasted what was in flight. */
async function drain(client: RawClient, QueueUrl: string): Promise<{ Body: string }[]> {
  const all: { Body: string }[] = [];
  for (;;) {
    const poll = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 6, VisibilityTimeout: 600 };
    const messages = (await client.sqs<Received>("ReceiveMessage", poll))?.Messages ?? [];
    if (messages.length === 0) return all;
    all.push(...messages);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.sqs("DeleteMessageBatch", { QueueUrl, Entries });
  }
}

/** Whether a later message of its group came before it. */
function overtakes(body: string, before: readonly string[]): boolean {
  const [group, number] = body.split(" ");
  return before.some((other) => {
    const [otherGroup, otherNumber] = other.split(" ");
    return otherGroup === group && Number(otherNumber) > Number(number);
  });
}
