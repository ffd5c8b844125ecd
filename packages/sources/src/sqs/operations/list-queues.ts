import type { Operation } from "@tripline/kernel";
import { invalidValue } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { listQueuesMax } from "../limits.ts";
import { toQueueUrl } from "../queue-url.ts";

/** Input of ListQueues. */
export interface ListQueuesInput {
  QueueNamePrefix?: string;
  MaxResults?: number;
  NextToken?: string;
}

/** `QueueUrls` is absent where there is none; `NextToken` is there only where MaxResults was given and more follow. */
export interface ListQueuesOutput {
  QueueUrls?: string[];
  NextToken?: string;
}

/** Ordered by name. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
export function listQueuesOperation({ registry, scope }: SqsHouse): Operation<ListQueuesInput, ListQueuesOutput> {
  return {
    name: "ListQueues",
    honoured: ["QueueNamePrefix", "MaxResults", "NextToken"],
    async run({ QueueNamePrefix: prefix = "", MaxResults: max, NextToken: token }, context) {
      if (max !== undefined && !(Number.isInteger(max) && max >= 1 && max <= listQueuesMax)) {
        throw invalidValue(max, "MaxResults", `MaxResults must be an integer between 1 and ${listQueuesMax}`);
      }
      const after = token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
      const names = registry
        .list()
        .map(({ name }) => name)
        .filter((name) => name.startsWith(prefix) && name > after);
      const page = names.slice(0, max ?? listQueuesMax);
      const last = page.at(-1);
      if (last === undefined) return {};
      const urls = page.map((name) => toQueueUrl(context.endpoint, scope, name));
      if (max === undefined || names.length === page.length) return { QueueUrls: urls };
      return { QueueUrls: urls, NextToken: Buffer.from(last).toString("base64") };
    },
  };
}
