/** The JSON of S3's notifications. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
import { createHash } from "node:crypto";
import { toBucketArn } from "@tripline/kernel";
import { encodeEventKey } from "./object-key.ts";

/** The user and the bucket's owner: one account holds everything here. */
const principalId = "AWS:AIDATRIPLINE00000000";
const ownerPrincipalId = "A1TRIPLINEOWNER";
/** Who S3 names where it acts by itself. */
const s3Principal = "s3.amazonaws.com";

/** What can happen to objects here, without `s3:`. */
export type ObjectEventName =
  | "ObjectCreated:Put"
  | "ObjectCreated:Post"
  | "ObjectCreated:Copy"
  | "ObjectCreated:CompleteMultipartUpload"
  | "ObjectRemoved:Delete"
  | "ObjectRemoved:DeleteMarkerCreated"
  | "ObjectTagging:Put"
  | "ObjectTagging:Delete"
  | "LifecycleExpiration:Delete"
  | "LifecycleExpiration:DeleteMarkerCreated";

/** What happened to an object. */
export interface ObjectChange {
  eventName: ObjectEventName;
  bucket: string;
  key: string;
  region: string;
  atMs: number;
  /** Absent for tags. */
  sequence?: number;
  /** Bytes, of created objects. */
  size?: number;
  /** Of created objects, delete markers and objects whose tags change. */
  etag?: string;
  /** In buckets with versioning. */
  versionId?: string;
  requestId: string;
  sourceIp: string;
}

/** The ETag that events give delete markers: the MD5 of nothing. */
export const markerEtag = "d41d8cd98f00b204e9800998ecf8427e";

/** One notification as UTF-8 text: a single record, for the configuration of that id. */
export function toObjectEvent(change: ObjectChange, configurationId: string): string {
  const { eventName, size, etag, versionId, sequence } = change;
  const isOwnAct = eventName.startsWith("LifecycleExpiration");
  return JSON.stringify({
    Records: [
      {
        eventVersion: isOwnAct || eventName.startsWith("ObjectTagging") ? "2.3" : "2.1",
        eventSource: "aws:s3",
        awsRegion: change.region,
        eventTime: new Date(change.atMs).toISOString(),
        eventName,
        userIdentity: { principalId: isOwnAct ? s3Principal : principalId },
        requestParameters: { sourceIPAddress: isOwnAct ? s3Principal : change.sourceIp },
        responseElements: {
          "x-amz-request-id": toS3RequestId(change.requestId),
          "x-amz-id-2": toHostId(change.requestId),
        },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId,
          bucket: {
            name: change.bucket,
            ownerIdentity: { principalId: ownerPrincipalId },
            arn: toBucketArn(change.bucket),
          },
          object: {
            key: encodeEventKey(change.key),
            ...(size === undefined ? {} : { size }),
            ...(etag === undefined ? {} : { eTag: etag }),
            ...(versionId === undefined ? {} : { versionId }),
            ...(sequence === undefined ? {} : { sequencer: toSequencer(sequence) }),
          },
        },
      },
    ],
  });
}

/** The event that a queue gets when a bucket begins to notify it. */
export function toTestEvent(bucket: string, atMs: number, requestId: string): string {
  return JSON.stringify({
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: new Date(atMs).toISOString(),
    Bucket: bucket,
    RequestId: toS3RequestId(requestId),
    HostId: toHostId(requestId),
  });
}

/** A request id as S3 prints it: 16 upper-case hex digits. */
export function toS3RequestId(requestId: string): string {
  return requestId.replaceAll("-", "").toUpperCase().padEnd(16, "0").slice(0, 16);
}

function toHostId(requestId: string): string {
  return createHash("sha512").update(requestId).digest("base64").slice(0, 76);
}

/** Of equal length, so that comparing as text orders the changes of a key. */
function toSequencer(sequence: number): string {
  return sequence.toString(16).toUpperCase().padStart(18, "0");
}
