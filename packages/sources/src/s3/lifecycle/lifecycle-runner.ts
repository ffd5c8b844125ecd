/**
 * Applies lifecycle rules at every midnight UTC of the clock, while any bucket has some; at start too, for the midnights that passed.
 */
import { type Cancel, isServiceError, type ListedVersion } from "@tripline/kernel";
import type { Bucket } from "../bucket-registry.ts";
import type { S3House } from "../house.ts";
import { abortUpload } from "../operations/abort-multipart-upload.ts";
import { abortRule } from "./abort-rule.ts";
import { dueVersions } from "./due-versions.ts";
import { dayMs, lifecycleRules } from "./lifecycle-rules.ts";

/** See the module's header. */
export interface LifecycleRunner {
  start(): void;
  /** To be called when a bucket's rules have changed. */
  rulesChanged(): void;
  stop(): Promise<void>;
}

const pageMax = 1000;

/** See the module's header. */
export function createLifecycleRunner(house: S3House): LifecycleRunner {
  const { clock, activity, registry } = house;
  let cancel: Cancel | undefined;
  let isRunning = false;
  let running: Promise<void> = Promise.resolve();

  const bucketsWithRules = (): Bucket[] => registry.list().filter((bucket) => lifecycleRules(bucket).length > 0);
  const run = (): void => {
    running = activity.track("s3 lifecycle", async () => {
      await running;
      for (const bucket of bucketsWithRules()) if (isRunning) await applyRules(house, bucket);
    });
    wait();
  };
  const wait = (): void => {
    cancel?.();
    cancel = undefined;
    if (!isRunning || bucketsWithRules().length === 0) return;
    cancel = clock.at((Math.floor(clock.now() / dayMs) + 1) * dayMs, run);
  };
  return {
    start() {
      isRunning = true;
      if (bucketsWithRules().length > 0) run();
    },
    rulesChanged: wait,
    async stop() {
      isRunning = false;
      cancel?.();
      await running;
    },
  };
}

/** What S3 names as the one who changes. */
const s3Itself = "s3.amazonaws.com";

async function applyRules(house: S3House, bucket: Bucket): Promise<void> {
  const { objects, writer, rng, clock } = house;
  const rules = lifecycleRules(bucket);
  const nowMs = clock.now();
  const apply = async (versions: readonly ListedVersion[]): Promise<void> => {
    for (const { version, action } of dueVersions(rules, versions, nowMs)) {
      const by = { requestId: rng.uuid(), sourceIp: s3Itself };
      const { key, versionId, sequence } = version;
      const what =
        action === "expire"
          ? { bucket, key, isExpired: true, onlyIf: { sequence } }
          : { bucket, key, isExpired: true, versionId };
      await writer.delete(what, by).catch(ignoreChanged);
    }
  };
  let ofKey: ListedVersion[] = [];
  let position: { from: string; before?: number } = { from: "" };
  for (;;) {
    const page = await objects.listVersions(bucket.name, { prefix: "", max: pageMax, ...position });
    for (const version of page) {
      if (ofKey[0] !== undefined && ofKey[0].key !== version.key) {
        await apply(ofKey);
        ofKey = [];
      }
      ofKey.push(version);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageMax) break;
    position = { from: last.key, before: last.sequence };
  }
  await apply(ofKey);
  await abortOldUploads(house, bucket, nowMs);
}

async function abortOldUploads(house: S3House, bucket: Bucket, nowMs: number): Promise<void> {
  let position: { from: string; afterId?: string } = { from: "" };
  for (;;) {
    const page = await house.uploads.list(bucket.name, { prefix: "", max: pageMax, ...position });
    for (const upload of page) {
      const { AbortDate: dueAt } = abortRule(bucket, upload);
      if (dueAt !== undefined && dueAt.getTime() <= nowMs) await abortUpload(house, upload.id);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageMax) return;
    position = { from: last.key, afterId: last.id };
  }
}

/** The object is another by now: the next run looks at it again. */
function ignoreChanged(error: unknown): void {
  if (!isServiceError(error)) throw error;
}
