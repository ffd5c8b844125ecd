import { type BucketNotification, coversEvent } from "./notification-configuration.ts";
import { encodeEventKey } from "./object-key.ts";

/** The configurations that `eventName` (`ObjectCreated:Put`, without `s3:`) of `key` goes to, each once. */
export function matchNotifications(
  notifications: readonly BucketNotification[],
  eventName: string,
  key: string,
): BucketNotification[] {
  if (notifications.length === 0) return [];
  const event = `s3:${eventName}`;
  const encoded = encodeEventKey(key);
  return notifications.filter(
    (one) =>
      one.events.some((type) => coversEvent(type, event)) &&
      encoded.startsWith(one.prefix) &&
      encoded.endsWith(one.suffix),
  );
}
