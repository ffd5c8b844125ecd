import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { toPage } from "../name-pages.ts";
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
      const names = registry.list().map(({ name }) => name);
      const found = names.filter((name) => name.startsWith(prefix));
      const { page, nextToken } = toPage(found, { max, token });
      if (page.length === 0) return {};
      const urls = page.map((name) => toQueueUrl(context.endpoint, scope, name));
      return { QueueUrls: urls, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
    },
  };
}
