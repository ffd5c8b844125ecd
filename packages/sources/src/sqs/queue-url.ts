import type { Scope } from "@tripline/kernel";

/** The URL of a queue, at the address by which the caller reached us. */
export function toQueueUrl(endpoint: string, scope: Scope, queueName: string): string {
  return `${endpoint}/${scope.accountId}/${queueName}`;
}

/**
 * The queue's name in a URL of any host form (`/account/name`, with `/queue/region` before it or not, legacy `queue.` hosts), in a path,
 * a bare name or an ARN. Any account will do: only one has queues. Undefined where a URL has no account and name.
 */
export function parseQueueName(queueUrl: string): string | undefined {
  const address = /^https?:\/\/[^/]+(\/[^?#]*)?/.exec(queueUrl);
  if (address === null) return queueUrl.slice(Math.max(queueUrl.lastIndexOf("/"), queueUrl.lastIndexOf(":")) + 1);
  return /\/\d{12}\/([^/]+)\/?$/.exec(address[1] ?? "")?.[1];
}
