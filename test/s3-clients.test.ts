/** S3 as clients meet it that nobody here wrote: the AWS SDK for JavaScript, and the AWS CLI and boto3 where they are installed. */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const run = promisify(execFile);
let simulator: Simulator;
let s3: S3Client;
let endpoint: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulator = await createSimulator({
    resources: { Photos: { Type: "AWS::S3::Bucket", Properties: { BucketName: "photos" } } },
  });
  endpoint = simulator.endpoint ?? "";
  s3 = new S3Client({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "thing",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
});
afterAll(async () => {
  s3.destroy();
  await simulator.stop();
});

const at = (Key: string): { Bucket: string; Key: string } => ({ Bucket: "photos", Key });
const put = (Key: string, Body: string | Buffer, more: object = {}): Promise<PutObjectCommandOutput> =>
  s3.send(new PutObjectCommand({ ...at(Key), Body, ...more }));
const read = async (Key: string, more: object = {}): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ ...at(Key), ...more }))).Body?.transformToString();
const md5 = (bytes: string | Buffer): Buffer => createHash("md5").update(bytes).digest();
/** Code, HTTP status and text of the error that `work` ends with. */
const errorOf = async (work: Promise<unknown>): Promise<unknown[]> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof S3ServiceException) return [error.name, error.$metadata.httpStatusCode, error.message];
    throw error;
  }
  throw new Error("It succeeded.");
};
const mebibytes = (count: number, letter: string): Buffer => Buffer.alloc(count * 1024 * 1024, letter);

describe("the AWS SDK for JavaScript", () => {
  it("copies an object with its headers and tags, replaces them, and refuses a copy to itself", async () => {
    await put("copy/a", "hello", { Metadata: { by: "ada" }, ContentType: "text/csv", Tagging: "k=v&x=y z" });
    const copied = await s3.send(new CopyObjectCommand({ ...at("copy/b ü"), CopySource: "photos/copy/a" }));
    expect(copied.CopyObjectResult).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: "NhCmhg==",
      ChecksumType: "FULL_OBJECT",
      LastModified: expect.any(Date),
    });
    const head = await s3.send(new HeadObjectCommand(at("copy/b ü")));
    expect([head.Metadata, head.ContentType, head.ContentLength]).toEqual([{ by: "ada" }, "text/csv", 5]);
    expect((await s3.send(new GetObjectTaggingCommand(at("copy/b ü")))).TagSet).toEqual([
      { Key: "k", Value: "v" },
      { Key: "x", Value: "y z" },
    ]);
    await s3.send(
      new CopyObjectCommand({
        ...at("copy/a"),
        CopySource: "photos/copy/a",
        MetadataDirective: "REPLACE",
        Metadata: { by: "bob" },
      }),
    );
    expect((await s3.send(new HeadObjectCommand(at("copy/a")))).Metadata).toEqual({ by: "bob" });
    expect(await errorOf(s3.send(new CopyObjectCommand({ ...at("copy/a"), CopySource: "photos/copy/a" })))).toEqual([
      "InvalidRequest",
      400,
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    ]);
    expect(
      await errorOf(
        s3.send(new CopyObjectCommand({ ...at("copy/c"), CopySource: "photos/copy/a", CopySourceIfMatch: "other" })),
      ),
    ).toEqual(["PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"]);
    expect(await errorOf(s3.send(new CopyObjectCommand({ ...at("copy/c"), CopySource: "photos/gone" })))).toEqual([
      "NoSuchKey",
      404,
      "The specified key does not exist.",
    ]);
  });

  it("uploads in parts, of its own and of another object's, and reads them one by one", async () => {
    const parts = [mebibytes(5, "a"), mebibytes(5, "b"), Buffer.from("end")] as const;
    await put("mpu/source", Buffer.concat([Buffer.from("xx"), parts[1]]));
    const { UploadId, ChecksumAlgorithm, ChecksumType } = await s3.send(
      new CreateMultipartUploadCommand({
        ...at("mpu/a"),
        Metadata: { by: "ada" },
        Tagging: "k=v",
        ChecksumAlgorithm: "SHA256",
      }),
    );
    expect([ChecksumAlgorithm, ChecksumType]).toEqual(["SHA256", "COMPOSITE"]);
    const upload = { ...at("mpu/a"), UploadId };
    const one = await s3.send(
      new UploadPartCommand({ ...upload, PartNumber: 1, Body: parts[0], ChecksumAlgorithm: "SHA256" }),
    );
    const three = await s3.send(
      new UploadPartCommand({ ...upload, PartNumber: 3, Body: parts[2], ChecksumAlgorithm: "SHA256" }),
    );
    const two = await s3.send(
      new UploadPartCopyCommand({
        ...upload,
        PartNumber: 2,
        CopySource: "photos/mpu/source",
        CopySourceRange: `bytes=2-${1 + 5 * 1024 * 1024}`,
      }),
    );
    expect(two.CopyPartResult?.ETag).toBe(`"${md5(parts[1]).toString("hex")}"`);
    const listed = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
    expect([listed.Parts?.map((part) => [part.PartNumber, part.Size]), listed.IsTruncated]).toEqual([
      [
        [1, 5242880],
        [2, 5242880],
      ],
      true,
    ]);
    const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket: "photos", Prefix: "mpu/" }));
    expect(uploads.Uploads?.map((each) => [each.Key, each.UploadId])).toEqual([["mpu/a", UploadId]]);
    const Parts = [
      { PartNumber: 1, ETag: one.ETag, ChecksumSHA256: one.ChecksumSHA256 },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag, ChecksumSHA256: two.CopyPartResult?.ChecksumSHA256 },
      { PartNumber: 3, ETag: three.ETag, ChecksumSHA256: three.ChecksumSHA256 },
    ];
    expect(
      await errorOf(
        s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: Parts.toReversed() } })),
      ),
    ).toEqual([
      "InvalidPartOrder",
      400,
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
    ]);
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const etag = `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-3"`;
    expect([done.ETag, done.ChecksumType, done.ChecksumSHA256?.endsWith("-3"), done.Location]).toEqual([
      etag,
      "COMPOSITE",
      true,
      `${endpoint}/photos/mpu/a`,
    ]);
    expect(await read("mpu/a", { Range: `bytes=${5 * 1024 * 1024 - 1}-${5 * 1024 * 1024}` })).toBe("ab");
    const whole = await (await s3.send(new GetObjectCommand(at("mpu/a")))).Body?.transformToByteArray();
    expect(Buffer.compare(Buffer.from(whole ?? []), Buffer.concat(parts))).toBe(0);
    const last = await s3.send(new GetObjectCommand({ ...at("mpu/a"), PartNumber: 3 }));
    expect([await last.Body?.transformToString(), last.PartsCount, last.ContentRange, last.TagCount]).toEqual([
      "end",
      3,
      "bytes 10485760-10485762/10485763",
      1,
    ]);
    const attributes = await s3.send(
      new GetObjectAttributesCommand({
        ...at("mpu/a"),
        ObjectAttributes: ["ETag", "Checksum", "ObjectParts", "ObjectSize", "StorageClass"],
      }),
    );
    expect(attributes).toMatchObject({
      ETag: etag.replaceAll('"', ""),
      ObjectSize: 10485763,
      StorageClass: "STANDARD",
      ObjectParts: {
        TotalPartsCount: 3,
        Parts: [
          { PartNumber: 1, Size: 5242880 },
          { PartNumber: 2 },
          { PartNumber: 3, ChecksumSHA256: three.ChecksumSHA256 },
        ],
      },
    });
    expect(await errorOf(s3.send(new AbortMultipartUploadCommand(upload)))).toEqual([
      "NoSuchUpload",
      404,
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    ]);
  });

  it("refuses parts that are too small, and forgets what is aborted", async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at("mpu/small")));
    const upload = { ...at("mpu/small"), UploadId };
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: "small" }));
      Parts.push({ PartNumber, ETag });
    }
    expect(
      await errorOf(s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))),
    ).toEqual(["EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size"]);
    await s3.send(new AbortMultipartUploadCommand(upload));
    expect((await errorOf(s3.send(new ListPartsCommand(upload))))[0]).toBe("NoSuchUpload");
  });

  it("keeps versions, hides and finds deleted ones, and lists them", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "versions" }));
    const key = { Bucket: "versions", Key: "a" };
    await s3.send(new PutObjectCommand({ ...key, Body: "before" }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: "versions", VersioningConfiguration: { Status: "Enabled" } }),
    );
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: "versions" }))).Status).toBe("Enabled");
    const one = await s3.send(new PutObjectCommand({ ...key, Body: "one" }));
    const deleted = await s3.send(new DeleteObjectCommand(key));
    expect([deleted.DeleteMarker, typeof deleted.VersionId]).toEqual([true, "string"]);
    expect((await errorOf(s3.send(new GetObjectCommand(key))))[0]).toBe("NoSuchKey");
    expect(await errorOf(s3.send(new GetObjectCommand({ ...key, VersionId: deleted.VersionId })))).toEqual([
      "MethodNotAllowed",
      405,
      "The specified method is not allowed against this resource.",
    ]);
    const bodies = [];
    for (const VersionId of [one.VersionId, "null"])
      bodies.push(await (await s3.send(new GetObjectCommand({ ...key, VersionId }))).Body?.transformToString());
    expect(bodies).toEqual(["one", "before"]);
    const list = await s3.send(new ListObjectVersionsCommand({ Bucket: "versions" }));
    expect([
      list.DeleteMarkers?.map((each) => [each.VersionId, each.IsLatest]),
      list.Versions?.map((each) => [each.VersionId, each.IsLatest, each.Size]),
    ]).toEqual([
      [[deleted.VersionId, true]],
      [
        [one.VersionId, false, 3],
        ["null", false, 6],
      ],
    ]);
    expect(await errorOf(s3.send(new DeleteBucketCommand({ Bucket: "versions" })))).toEqual([
      "BucketNotEmpty",
      409,
      "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    ]);
    const Objects = [...(list.Versions ?? []), ...(list.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
    const gone = await s3.send(new DeleteObjectsCommand({ Bucket: "versions", Delete: { Objects } }));
    expect([gone.Deleted?.length, gone.Errors]).toEqual([3, undefined]);
    await s3.send(new DeleteBucketCommand({ Bucket: "versions" }));
    expect((await errorOf(s3.send(new HeadBucketCommand({ Bucket: "versions" }))))[1]).toBe(404);
  });

  it("puts, reads and deletes tags, of objects and of the bucket", async () => {
    await put("tags/a", "x");
    const TagSet = [{ Key: "colour", Value: "grün" }];
    await s3.send(new PutObjectTaggingCommand({ ...at("tags/a"), Tagging: { TagSet } }));
    expect((await s3.send(new GetObjectTaggingCommand(at("tags/a")))).TagSet).toEqual(TagSet);
    await s3.send(new DeleteObjectTaggingCommand(at("tags/a")));
    expect((await s3.send(new GetObjectTaggingCommand(at("tags/a")))).TagSet ?? []).toEqual([]);
    expect(await errorOf(s3.send(new GetBucketTaggingCommand({ Bucket: "photos" })))).toEqual([
      "NoSuchTagSet",
      404,
      "The TagSet does not exist",
    ]);
    await s3.send(new PutBucketTaggingCommand({ Bucket: "photos", Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket: "photos" }))).TagSet).toEqual(TagSet);
  });

  it("reads and writes under conditions", async () => {
    const { ETag } = await put("if/a", "one");
    expect(await errorOf(put("if/a", "two", { IfNoneMatch: "*" }))).toEqual([
      "PreconditionFailed",
      412,
      "At least one of the pre-conditions you specified did not hold",
    ]);
    expect((await errorOf(put("if/gone", "two", { IfMatch: ETag })))[0]).toBe("NoSuchKey");
    await put("if/a", "two", { IfMatch: ETag });
    expect((await errorOf(s3.send(new GetObjectCommand({ ...at("if/a"), IfMatch: ETag }))))[1]).toBe(412);
    const later = new Date(simulator.clock.now() + 60_000);
    expect((await errorOf(s3.send(new HeadObjectCommand({ ...at("if/a"), IfModifiedSince: later }))))[1]).toBe(304);
    expect((await errorOf(s3.send(new DeleteObjectCommand({ ...at("if/a"), IfMatch: ETag }))))[1]).toBe(412);
    expect(await read("if/a")).toBe("two");
  });

  it("lists in the older way, and buckets in pages", async () => {
    for (const name of ["list/1", "list/2/a", "list/2/b", "list/3"]) await put(name, "x");
    const page = await s3.send(
      new ListObjectsCommand({ Bucket: "photos", Prefix: "list/", Delimiter: "/", MaxKeys: 2 }),
    );
    expect([page.Contents?.map((one) => one.Key), page.CommonPrefixes, page.NextMarker, page.IsTruncated]).toEqual([
      ["list/1"],
      [{ Prefix: "list/2/" }],
      "list/2/",
      true,
    ]);
    const next = await s3.send(
      new ListObjectsCommand({ Bucket: "photos", Prefix: "list/", Delimiter: "/", Marker: page.NextMarker }),
    );
    expect([next.Contents?.map((one) => one.Key), next.CommonPrefixes]).toEqual([["list/3"], undefined]);
    await s3.send(new CreateBucketCommand({ Bucket: "another" }));
    const first = await s3.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    const rest = await s3.send(new ListBucketsCommand({ MaxBuckets: 1, ContinuationToken: first.ContinuationToken }));
    expect([first.Buckets?.map((one) => one.Name), rest.Buckets?.map((one) => one.Name)]).toEqual([
      ["another"],
      ["photos"],
    ]);
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "photos" }))).LocationConstraint ?? "").toBe("");
  });

  it("keeps configurations of a bucket", async () => {
    const Bucket = "another";
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    expect((await errorOf(s3.send(new GetBucketPolicyCommand({ Bucket }))))[0]).toBe("NoSuchBucketPolicy");
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["https://*.example.com"], MaxAgeSeconds: 60 }];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    expect((await errorOf(s3.send(new GetBucketCorsCommand({ Bucket }))))[0]).toBe("NoSuchCORSConfiguration");
    const Rules = [
      {
        ID: "old",
        Status: "Enabled" as const,
        Filter: { Prefix: "logs/" },
        Expiration: { Days: 3 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
      {
        ID: "day",
        Status: "Disabled" as const,
        Filter: { Prefix: "" },
        Expiration: { Date: new Date(Date.UTC(2030, 0, 1)) },
      },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
    const { Expiration } = await s3.send(new PutObjectCommand({ Bucket, Key: "logs/a", Body: "x" }));
    expect(Expiration).toMatch(/^expiry-date="\w{3}, \d\d \w{3} \d{4} 00:00:00 GMT", rule-id="old"$/);
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
    ]);
    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
  });
});

const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;
describe(`the AWS CLI${hasAwsCli ? "" : " (skipped: aws is not installed)"}`, () => {
  it.runIf(hasAwsCli)(
    "copies, lists, syncs, presigns and removes, large files in parts",
    { timeout: 180_000 },
    async () => {
      const { folder, remove } = temporaryFolder();
      const aws = async (...args: string[]): Promise<string> =>
        (await run("aws", ["--endpoint-url", endpoint, "s3", ...args], { env: environment, cwd: folder })).stdout;
      const big = mebibytes(20, "q");
      mkdirSync(join(folder, "tree/deep"), { recursive: true });
      writeFileSync(join(folder, "big"), big);
      writeFileSync(join(folder, "tree/one"), "1");
      writeFileSync(join(folder, "tree/deep/two"), "22");
      await aws("cp", "big", "s3://photos/cli/big");
      expect((await s3.send(new HeadObjectCommand(at("cli/big")))).ETag).toMatch(/-3"$/);
      await aws("cp", "s3://photos/cli/big", "s3://photos/cli/copy");
      await aws("cp", "s3://photos/cli/copy", "back");
      expect(Buffer.compare(readFileSync(join(folder, "back")), big)).toBe(0);
      await aws("sync", "tree", "s3://photos/cli/tree");
      expect((await aws("ls", "--recursive", "s3://photos/cli/tree")).match(/\S+$/gm)).toEqual([
        "cli/tree/deep/two",
        "cli/tree/one",
      ]);
      const url = (await aws("presign", "s3://photos/cli/tree/one")).trim();
      expect(await (await fetch(url)).text()).toBe("1");
      await aws("rm", "--recursive", "s3://photos/cli/");
      expect((await simulator.s3.listKeys("photos", "cli/")).length).toBe(0);
      remove();
    },
  );
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
describe(`boto3${hasBoto3 ? "" : " (skipped: boto3 is not installed)"}`, () => {
  it.runIf(hasBoto3)(
    "uploads and downloads files in parts, and pages through lists",
    { timeout: 120_000 },
    async () => {
      const { folder, remove } = temporaryFolder();
      const script = `
import boto3, os
from boto3.s3.transfer import TransferConfig
s3 = boto3.client("s3")
data = os.urandom(11 * 1024 * 1024)
open("up", "wb").write(data)
config = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
s3.upload_file("up", "photos", "boto/up", Config=config, ExtraArgs={"Metadata": {"by": "ada"}})
s3.download_file("photos", "boto/up", "down", Config=config)
assert open("down", "rb").read() == data
head = s3.head_object(Bucket="photos", Key="boto/up", ChecksumMode="ENABLED")
assert head["ETag"].endswith('-3"') and head["Metadata"] == {"by": "ada"}, head
for key in "abc":
    s3.put_object(Bucket="photos", Key="boto/" + key, Body=key)
pages = s3.get_paginator("list_objects_v2").paginate(Bucket="photos", Prefix="boto/", PaginationConfig={"PageSize": 2})
print([one["Key"] for page in pages for one in page["Contents"]])
s3.copy({"Bucket": "photos", "Key": "boto/up"}, "photos", "boto/copy", Config=config)
assert s3.get_object(Bucket="photos", Key="boto/copy")["Body"].read() == data
print(s3.delete_objects(Bucket="photos", Delete={"Objects": [{"Key": "boto/a"}, {"Key": "nobody"}]})["Deleted"])
`;
      const { stdout } = await run("python3", ["-c", script], { env: environment, cwd: folder });
      expect(stdout.trim().split("\n")).toEqual([
        "['boto/a', 'boto/b', 'boto/c', 'boto/up']",
        "[{'Key': 'boto/a'}, {'Key': 'nobody'}]",
      ]);
      remove();
    },
  );
});

it("a browser of another origin is told what the bucket allows", async () => {
  const origin = "https://app.example.com";
  const preflight = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${endpoint}/photos/page`, { method: "OPTIONS", headers });
  const asked = { origin, "access-control-request-method": "PUT", "access-control-request-headers": "X-Amz-Meta-A" };
  expect((await preflight(asked)).status).toBe(403);
  await s3.send(
    new PutBucketCorsCommand({
      Bucket: "photos",
      CORSConfiguration: { CORSRules: [{ AllowedMethods: ["PUT"], AllowedOrigins: [origin], AllowedHeaders: ["*"] }] },
    }),
  );
  const allowed = await preflight(asked);
  expect([allowed.status, allowed.headers.get("access-control-allow-headers")]).toEqual([200, "x-amz-meta-a"]);
  const answer = await fetch(`${endpoint}/photos/page`, { method: "PUT", headers: { origin }, body: "x" });
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
  expect((await preflight({})).status).toBe(400);
});

it("a form puts an object, in pieces of any size", async () => {
  const big = "x".repeat(300_000);
  for (const [name, text, status] of [
    ["small", "hello\r\n--no boundary", "201"],
    ["big", big, "204"],
  ] as const) {
    const form = new FormData();
    form.append("key", "form/${filename}");
    form.append("x-amz-meta-by", "ada");
    form.append("success_action_status", status);
    form.append("file", new Blob([text]), name);
    form.append("submit", "Upload");
    const answer = await fetch(`${endpoint}/photos`, { method: "POST", body: form });
    expect([answer.status, answer.headers.get("etag")]).toEqual([Number(status), `"${md5(text).toString("hex")}"`]);
    expect(await read(`form/${name}`)).toBe(text);
  }
  const without = new FormData();
  without.append("key", "form/none");
  const refused = await fetch(`${endpoint}/photos`, { method: "POST", body: without });
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining("POST requires exactly one file upload per request."),
  ]);
});

it("the library's helper keeps versions, tags and copies", async () => {
  await s3.send(new CreateBucketCommand({ Bucket: "helped" }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: "helped", VersioningConfiguration: { Status: "Enabled" } }));
  const place = { bucket: "helped", key: "a b?c" };
  const one = await simulator.s3.putObject({ ...place, body: "one", tags: { "k y": "v=w" } });
  await simulator.s3.putObject({ ...place, body: "two" });
  await simulator.s3.copyObject({ from: { ...place, ...one }, to: { bucket: "helped", key: "copy" } });
  const marker = await simulator.s3.deleteObject(place);
  expect(await simulator.s3.listKeys("helped")).toEqual(["copy"]);
  await simulator.s3.deleteObject({ ...place, ...marker });
  const text = async (object: Parameters<typeof simulator.s3.getObject>[0]): Promise<string> =>
    Buffer.from(await simulator.s3.getObject(object)).toString();
  expect([await text(place), await text({ ...place, ...one }), await text({ bucket: "helped", key: "copy" })]).toEqual([
    "two",
    "one",
    "one",
  ]);
  const copied = await s3.send(new GetObjectTaggingCommand({ Bucket: "helped", Key: "copy" }));
  expect(copied.TagSet).toEqual([{ Key: "k y", Value: "v=w" }]);
});
