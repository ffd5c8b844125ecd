/**
 * Puts, deletes and uploads in parts in one bucket, and a record of what was acknowledged. Each key has one writer.
 *
 * B1. A key holds what the last acknowledged change left, or what one that was only asked for would have left.
 * B2. What is there is whole: every byte of one body, and nothing else.
 * B3. The list names the keys that hold something, and no others.
 */
import type { Load } from "./kill-rounds.ts";
import type { RawAnswer, RawClient } from "./raw-client.ts";
import type { Chance } from "./seeded-chance.ts";

/** Undefined: no object. */
type Body = string | undefined;

/** What a key may hold: one body where the last change was acknowledged, else what was before too. */
type Possible = readonly Body[];

/** Load on `bucket` (made if it is missing) by so many `writers` at once. */
export function createObjectLoad(
  bucket: string,
  { writers = 4, keysEach = 3 }: { writers?: number; keysEach?: number } = {},
): Load {
  const keys = new Map<string, Possible>();
  let next = 0;

  const call = (client: RawClient, method: string, path: string, body?: string): Promise<RawAnswer | undefined> =>
    client.send({ service: "s3", method, path: `/${bucket}${path}`, ...(body === undefined ? {} : { body }) });
  const succeed = (answer: RawAnswer | undefined): RawAnswer | undefined => {
    if (answer !== undefined && answer.status >= 300)
      throw new Error(`${bucket} answered ${answer.status}: ${answer.body.toString("utf8").slice(0, 300)}`);
    return answer;
  };

  const newBody = (chance: Chance): string => {
    const text = `${next++} `;
    return text.repeat(chance.pick([1, 100, 20_000, 100_000]));
  };

  /** Undefined where no answer came. */
  const changeOnce = async (client: RawClient, chance: Chance, key: string): Promise<RawAnswer | undefined> => {
    const before = keys.get(key) ?? [undefined];
    const kind = chance.pick(["put", "put", "put", "delete", "parts"] as const);
    const body = kind === "delete" ? undefined : newBody(chance);
    if (kind === "parts" && body !== undefined) return uploadInParts(client, key, body, before);
    keys.set(key, [...before, body]);
    const answer = succeed(await call(client, body === undefined ? "DELETE" : "PUT", `/${key}`, body));
    if (answer !== undefined) keys.set(key, [body]);
    return answer;
  };

  const uploadInParts = async (
    client: RawClient,
    key: string,
    body: string,
    before: Possible,
  ): Promise<RawAnswer | undefined> => {
    const created = succeed(await call(client, "POST", `/${key}?uploads`));
    const id = /<UploadId>(.*?)</.exec(created?.body.toString("utf8") ?? "")?.[1];
    if (created === undefined || id === undefined) return undefined;
    if (succeed(await call(client, "PUT", `/${key}?partNumber=1&uploadId=${id}`, body)) === undefined) return undefined;
    const list = succeed(await call(client, "GET", `/${key}?uploadId=${id}`));
    const etag = /<ETag>(.*?)</.exec(list?.body.toString("utf8") ?? "")?.[1];
    if (list === undefined || etag === undefined) return undefined;
    keys.set(key, [...before, body]);
    const document = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
    const answer = succeed(await call(client, "POST", `/${key}?uploadId=${id}`, document));
    if (answer !== undefined) keys.set(key, [body]);
    return answer;
  };

  /** B1, B2. What is found is what is there from now on. */
  const check = async (client: RawClient): Promise<void> => {
    for (const [key, possible] of keys) {
      const answer = await call(client, "GET", `/${key}`);
      if (answer === undefined) throw new Error(`${bucket}/${key} was not answered`);
      const found = answer.status === 404 ? undefined : succeed(answer)?.body.toString("latin1");
      if (!possible.includes(found)) {
        const shown = (body: Body): string =>
          body === undefined ? "nothing" : `${body.length} of ${body.slice(0, 20)}`;
        throw new Error(`${bucket}/${key} holds ${shown(found)}, not ${possible.map(shown).join(" or ")}`);
      }
      keys.set(key, [found]);
    }
  };

  return {
    name: bucket,
    async run(client, chance, acknowledged) {
      if (succeed(await call(client, "PUT", "")) === undefined) return;
      const write = async (writer: number): Promise<void> => {
        for (;;) {
          const key = `${writer}-${chance.between(1, keysEach)}`;
          if ((await changeOnce(client, chance, key)) === undefined) return;
          acknowledged();
        }
      };
      await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    },

    checkAfterRestart: check,

    async checkAtEnd(client) {
      await check(client);
      const answer = succeed(await call(client, "GET", "?list-type=2"));
      const listed = Array.from(answer?.body.toString("utf8").matchAll(/<Key>(.*?)</g) ?? [], ([, key]) => key);
      const there = Array.from(keys.keys()).filter((key) => keys.get(key)?.[0] !== undefined);
      if (listed.join() !== there.toSorted().join())
        throw new Error(`${bucket} lists ${listed.join()}, not ${there.toSorted().join()}`); // B3
      if (there.length === 0) throw new Error(`${bucket}: too little load to tell`);
    },
  };
}
