import type { Scope } from "@tripline/kernel";

/** The URL of a queue, at the address by which the caller reached us. */
export function toQueueUrl(endpoint: string, scope: Scope, queueName: string): string {
  return `${endpoint}/${scope.accountId}/${queueName}`;
}

/** The queue's name in a URL of any host form (path, legacy `queue.` host, SAM's), or in a bare name or ARN. */
export function parseQueueName(queueUrl: string): string {
  const path = queueUrl.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const last = path.slice(Math.max(path.lastIndexOf("/"), path.startsWith("arn:") ? path.lastIndexOf(":") : -1) + 1);
  return last;
}
