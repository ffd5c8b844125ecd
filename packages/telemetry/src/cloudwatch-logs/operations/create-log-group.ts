import type { Operation } from "@tripline/kernel";
import { alreadyExists, notSimulated } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { checkGroupName } from "../log-group.ts";
import { checkTags } from "./tags.ts";

/** Input of CreateLogGroup. */
export interface CreateLogGroupInput {
  logGroupName: string;
  tags?: Record<string, string>;
  /** Only STANDARD (the default). */
  logGroupClass?: string;
  deletionProtectionEnabled?: boolean;
}

/** With `upsert` a group of that name takes the tags and the protection. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export function createLogGroupOperation({ groups }: LogsHouse): Operation<CreateLogGroupInput, void> {
  return {
    name: "CreateLogGroup",
    honoured: ["logGroupName", "tags", "logGroupClass", "deletionProtectionEnabled"],
    refused: { kmsKeyId: "data at rest is not encrypted here" },
    async run({ logGroupName, tags = {}, logGroupClass = "STANDARD", deletionProtectionEnabled = false }, context) {
      checkGroupName(logGroupName);
      checkTags(tags);
      if (logGroupClass !== "STANDARD") throw notSimulated(`log groups of the class ${logGroupClass}`);
      const existing = groups.get(logGroupName);
      if (existing !== undefined && context.upsert !== true) throw alreadyExists("group");
      await groups.save({
        ...(existing ?? groups.create(logGroupName)),
        tags,
        isDeletionProtected: deletionProtectionEnabled,
      });
    },
  };
}
