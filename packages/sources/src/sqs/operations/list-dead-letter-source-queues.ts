import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { toPage } from "../name-pages.ts";
import { toQueueUrl } from "../queue-url.ts";

/** Input of ListDeadLetterSourceQueues. */
export interface ListDeadLetterSourceQueuesInput {
  QueueUrl: string;
  MaxResults?: number;
  NextToken?: string;
}

/** `queueUrls` is there always, and begins with a small letter. */
export interface ListDeadLetterSourceQueuesOutput {
  queueUrls: string[];
  NextToken?: string;
}

/** Ordered by name. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html */
export function listDeadLetterSourceQueuesOperation({
  registry,
  scope,
}: SqsHouse): Operation<ListDeadLetterSourceQueuesInput, ListDeadLetterSourceQueuesOutput> {
  return {
    name: "ListDeadLetterSourceQueues",
    honoured: ["QueueUrl", "MaxResults", "NextToken"],
    async run({ QueueUrl, MaxResults: max, NextToken: token }, context) {
      const { arn } = registry.resolve(QueueUrl);
      const names = registry.deadLetterSources(arn).map(({ name }) => name);
      const { page, nextToken } = toPage(names, { max, token });
      const queueUrls = page.map((name) => toQueueUrl(context.endpoint, scope, name));
      return { queueUrls, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
    },
  };
}
