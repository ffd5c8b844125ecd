import {
  type Activity,
  type BlobStore,
  type Clock,
  createService,
  type DeliveryTarget,
  type DocumentStore,
  type EventBus,
  isServiceError,
  type ObjectStore,
  type RealTime,
  type Rng,
  type Scope,
  type Service,
  type ServiceCaller,
  type SourceAdapter,
  type UploadStore,
} from "@tripline/kernel";
import { type FolderObjects, watchFolder, type WatchedFolder } from "./adapters/watched-folder.ts";
import { BucketRegistry } from "./bucket-registry.ts";
import type { S3House } from "./house.ts";
import { matchNotifications } from "./notification-match.ts";
import { createNotifier } from "./notifier.ts";
import { checkObjectKey } from "./object-key.ts";
import { createLifecycleRunner } from "./lifecycle/lifecycle-runner.ts";
import { type Changer, createObjectWriter } from "./object-writer.ts";
import { answerCrossOrigin, corsRules } from "./cors.ts";
import { defaultChecksum } from "@tripline/kernel/checksums";
import { openBody } from "./operations/read-object.ts";
import { sweepBlobs } from "./sweep-blobs.ts";
import { createS3Target } from "./target.ts";

export type { WatchedFolder } from "./adapters/watched-folder.ts";

/** A bucket, for lists. */
export interface BucketSummary {
  name: string;
  notifications: { events: readonly string[]; filter: { prefix: string; suffix: string }; targetArn: string }[];
}

/** Amazon S3. */
export interface S3 {
  /** Id `s3`. */
  service: Service;
  source: SourceAdapter;
  /** Makes the files of `folder` the objects of `bucket`. Throws `NoSuchBucket`, `SIM_FOLDER_UNREADABLE`. */
  watch(bucket: string, folder: string): Promise<WatchedFolder>;
  /** Ordered by name. */
  buckets(): BucketSummary[];
  /** Takes deliveries for buckets. */
  target: DeliveryTarget;
  /** ARNs that `eventName` (with or without `s3:`) of `key` would go to. */
  notificationTargets(bucket: string, eventName: string, key: string): string[];
}

/** Options of {@link createS3}. */
export interface S3Options {
  clock: Clock;
  realTime: RealTime;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  scope: Scope;
  objects: ObjectStore;
  uploads: UploadStore;
  blobs: BlobStore;
  documents: DocumentStore;
  /** Whether the function or queue of a notification is there, and lets the bucket in. */
  targetAccepts: (arn: string, caller: ServiceCaller) => boolean;
}

/** Builds S3; it answers once `source.start` has loaded what was kept. */
export function createS3(options: S3Options): S3 {
  const { activity, bus, objects, blobs, realTime } = options;
  const registry = new BucketRegistry(options);
  const notifier = createNotifier({ activity, objects });
  const writer = createObjectWriter({ ...options, notifier });
  const house: S3House = {
    ...options,
    registry,
    writer,
    notifier,
    rulesChanged: () => {
      lifecycle.rulesChanged();
    },
  };
  const lifecycle = createLifecycleRunner(house);
  let sweeping: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  return {
    service: createService({
      id: "s3",
      activity,
      operations: async () => (await import("./operations/index.ts")).createS3Operations(house),
      crossOrigin: (request) => answerCrossOrigin(corsRules(registry.find(request.resource)), request),
    }),
    source: {
      service: "s3",
      async start(host) {
        await Promise.all([registry.load(), writer.start()]);
        await notifier.start(host);
        sweeping = sweepBlobs({ objects, blobs, signal: stopping.signal, isNew: writer.isNew });
        lifecycle.start();
      },
      async stop() {
        stopping.abort();
        await lifecycle.stop();
        await Promise.all([notifier.stop(), sweeping]);
      },
    },
    watch: async (bucket, folder) =>
      watchFolder({ bucket, folder, realTime, activity, bus, objects: toFolderObjects(house, bucket) }),
    buckets: () =>
      registry.list().map(({ name, notifications }) => ({
        name,
        notifications: notifications.map(({ events, prefix, suffix, targetArn }) => ({
          events,
          filter: { prefix, suffix },
          targetArn,
        })),
      })),
    target: createS3Target(house),
    notificationTargets: (bucket, eventName, key) =>
      matchNotifications(registry.find(bucket)?.notifications ?? [], eventName.replace(/^s3:/, ""), key).map(
        (one) => one.targetArn,
      ),
  };
}

function toFolderObjects(house: S3House, bucket: string): FolderObjects {
  const { registry, objects, writer, rng } = house;
  registry.get(bucket);
  const by = (): Changer => ({ requestId: rng.uuid(), sourceIp: "127.0.0.1" });
  return {
    async *known() {
      for (let from = ""; ;) {
        const page = await objects.list(bucket, { prefix: "", from, max: 1000 });
        for (const { key, origin } of page) yield { key, ...(origin === undefined ? {} : { origin }) };
        const last = page.at(-1);
        if (last === undefined) return;
        from = `${last.key}\u0000`;
      }
    },
    debts: () => objects.folderDebts(bucket),
    settle: (key) => objects.settleFolderDebts(bucket, [key]),
    async get(key) {
      const object = await objects.get(bucket, key);
      if (object === undefined || object.isDeleteMarker === true) return undefined;
      return {
        size: object.size,
        origin: object.origin,
        open: () => openBody(house, object),
        adopt: (origin) => objects.amend(object, { origin }, []),
      };
    },
    async put(key, body, origin) {
      checkObjectKey(key);
      await writer.put(
        {
          bucket: registry.get(bucket),
          key,
          body,
          origin,
          eventName: "ObjectCreated:Put",
          algorithm: defaultChecksum,
          attributes: ({ checksum }) => ({
            ContentType: "binary/octet-stream",
            [`Checksum${defaultChecksum}`]: checksum,
          }),
        },
        by(),
      );
    },
    async delete(key, origin) {
      const object = await objects.get(bucket, key);
      if (object === undefined || object.origin !== origin) return;
      const { sequence } = object;
      await writer.delete({ bucket: registry.get(bucket), key, onlyIf: { sequence } }, by()).catch((error: unknown) => {
        if (!isServiceError(error)) throw error; // another object by now
      });
    },
    follow: (listener) =>
      writer.follow((changed, key, origin) => {
        if (changed === bucket) listener(key, origin);
      }),
  };
}
