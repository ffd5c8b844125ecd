/** Tags of streams and consumers. https://docs.aws.amazon.com/streams/latest/dev/tagging.html */
import type { Operation } from "@tripline/kernel";
import { invalidArgument, resourceNotFound } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { tagsMax } from "../limits.ts";
import type { Stream } from "../stream.ts";
import { addressHonoured, type StreamAddress, streamIdRefused } from "./stream-address.ts";

/** Throws InvalidArgumentException. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const keys = Object.keys(tags);
  if (keys.length > tagsMax) {
    throw invalidArgument(`Failed to add tags to stream. There can be at most ${tagsMax} tags.`);
  }
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw invalidArgument(`Tag keys must not begin with aws:. Invalid key: ${reserved}`);
}

interface Tagged {
  stream: Stream;
  tags: Record<string, string>;
  with(tags: Record<string, string>): Stream;
}

/** The six operations. */
export function createTagOperations({ registry }: KinesisHouse): Operation[] {
  const toTagged = (stream: Stream): Tagged => ({
    stream,
    tags: stream.tags,
    with: (tags) => ({ ...stream, tags }),
  });
  /** A stream or a consumer, by ARN. */
  const find = (arn: string): Tagged => {
    const stream = registry.resolve({ StreamARN: arn });
    if (!arn.includes("/consumer/")) return toTagged(stream);
    const consumer = stream.consumers.find((one) => one.arn === arn);
    if (consumer === undefined) throw resourceNotFound(`Consumer ${arn} not found.`);
    const others = stream.consumers.filter((one) => one !== consumer);
    return {
      stream,
      tags: consumer.tags,
      with: (tags) => ({ ...stream, consumers: [...others, { ...consumer, tags }] }),
    };
  };
  const add = async (tagged: Tagged, more: Record<string, string>): Promise<object> => {
    const tags = { ...tagged.tags, ...more };
    checkTags(tags);
    await registry.save(tagged.with(tags), "ACTIVE");
    return {};
  };
  const remove = async (tagged: Tagged, keys: readonly string[]): Promise<object> => {
    const left = Object.entries(tagged.tags).filter(([key]) => !keys.includes(key));
    await registry.save(tagged.with(Object.fromEntries(left)), "ACTIVE");
    return {};
  };
  const sorted = (tags: Record<string, string>): { Key: string; Value: string }[] =>
    Object.entries(tags)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([Key, Value]) => ({ Key, Value }));

  const addTags: Operation<StreamAddress & { Tags: Record<string, string> }> = {
    name: "AddTagsToStream",
    honoured: [...addressHonoured, "Tags"],
    refused: streamIdRefused,
    run: (input) => add(toTagged(registry.resolve(input)), input.Tags),
  };
  const removeTags: Operation<StreamAddress & { TagKeys: string[] }> = {
    name: "RemoveTagsFromStream",
    honoured: [...addressHonoured, "TagKeys"],
    refused: streamIdRefused,
    run: (input) => remove(toTagged(registry.resolve(input)), input.TagKeys),
  };
  const list: Operation<StreamAddress & { ExclusiveStartTagKey?: string; Limit?: number }> = {
    name: "ListTagsForStream",
    honoured: [...addressHonoured, "ExclusiveStartTagKey", "Limit"],
    refused: streamIdRefused,
    async run(input) {
      const { ExclusiveStartTagKey: from } = input;
      const all = sorted(registry.resolve(input).tags).filter(({ Key }) => from === undefined || Key > from);
      const Tags = all.slice(0, input.Limit ?? tagsMax);
      return { Tags, HasMoreTags: Tags.length < all.length };
    },
  };
  const tag: Operation<{ ResourceARN: string; Tags: Record<string, string> }> = {
    name: "TagResource",
    honoured: ["ResourceARN", "Tags"],
    refused: streamIdRefused,
    run: (input) => add(find(input.ResourceARN), input.Tags),
  };
  const untag: Operation<{ ResourceARN: string; TagKeys: string[] }> = {
    name: "UntagResource",
    honoured: ["ResourceARN", "TagKeys"],
    refused: streamIdRefused,
    run: (input) => remove(find(input.ResourceARN), input.TagKeys),
  };
  const listFor: Operation<{ ResourceARN: string }> = {
    name: "ListTagsForResource",
    honoured: ["ResourceARN"],
    refused: streamIdRefused,
    run: async (input) => ({ Tags: sorted(find(input.ResourceARN).tags) }),
  };
  return [addTags, removeTags, list, tag, untag, listFor];
}
