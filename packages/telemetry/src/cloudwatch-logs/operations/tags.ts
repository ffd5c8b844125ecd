/** Tags of groups: TagResource, UntagResource, ListTagsForResource, and the older operations that name a group. */
import { type Operation, ServiceError } from "@tripline/kernel";
import { invalidParameter, resourceNotFound } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { limits } from "../limits.ts";
import type { LogGroup } from "../log-group.ts";

type Tags = Record<string, string>;

/** Throws `InvalidParameterException` for tags that AWS does not take. */
export function checkTags(tags: Tags): void {
  const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  for (const [key, value] of Object.entries(tags)) {
    if (key === "" || key.length > 128 || value.length > 256 || !allowed.test(key) || !allowed.test(value)) {
      throw invalidParameter(`Invalid tag: ${key}`);
    }
    if (/^aws:/i.test(key)) throw invalidParameter("aws: prefixed tag key names are not allowed for external use.");
  }
  if (Object.keys(tags).length > limits.tagsMax) {
    throw new ServiceError("TooManyTagsException", "The number of tags exceeds the limit of 50 tags per resource.");
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html */
export function tagOperations(house: LogsHouse): readonly Operation[] {
  const { groups } = house;
  const byArn = (resourceArn: string): LogGroup => {
    const group = groups.get(groups.toName(resourceArn));
    if (group === undefined) throw resourceNotFound();
    return group;
  };
  const add = async (group: LogGroup, tags: Tags): Promise<void> => {
    const merged = { ...group.tags, ...tags };
    checkTags(merged);
    await groups.save({ ...group, tags: merged });
  };
  const remove = async (group: LogGroup, keys: readonly string[]): Promise<void> => {
    const tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !keys.includes(key)));
    await groups.save({ ...group, tags });
  };
  const tagResource: Operation<{ resourceArn: string; tags: Tags }> = {
    name: "TagResource",
    honoured: ["resourceArn", "tags"],
    run: async ({ resourceArn, tags }) => add(byArn(resourceArn), tags),
  };
  const untagResource: Operation<{ resourceArn: string; tagKeys: string[] }> = {
    name: "UntagResource",
    honoured: ["resourceArn", "tagKeys"],
    run: async ({ resourceArn, tagKeys }) => remove(byArn(resourceArn), tagKeys),
  };
  const listTagsForResource: Operation<{ resourceArn: string }> = {
    name: "ListTagsForResource",
    honoured: ["resourceArn"],
    run: async ({ resourceArn }) => ({ tags: byArn(resourceArn).tags }),
  };
  const tagLogGroup: Operation<{ logGroupName: string; tags: Tags }> = {
    name: "TagLogGroup",
    honoured: ["logGroupName", "tags"],
    run: async ({ logGroupName, tags }) => add(groups.find(logGroupName), tags),
  };
  const untagLogGroup: Operation<{ logGroupName: string; tags: string[] }> = {
    name: "UntagLogGroup",
    honoured: ["logGroupName", "tags"],
    run: async ({ logGroupName, tags }) => remove(groups.find(logGroupName), tags),
  };
  const listTagsLogGroup: Operation<{ logGroupName: string }> = {
    name: "ListTagsLogGroup",
    honoured: ["logGroupName"],
    run: async ({ logGroupName }) => ({ tags: groups.find(logGroupName).tags }),
  };
  return [tagResource, untagResource, listTagsForResource, tagLogGroup, untagLogGroup, listTagsLogGroup];
}
