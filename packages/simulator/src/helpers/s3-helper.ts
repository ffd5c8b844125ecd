import type { CallContext, Service } from "@tripline/kernel";
import type { ResourceNames } from "../resource-names.ts";
import { call } from "./call.ts";

/** Where an object is. `bucket`: logical id, name or ARN. */
export interface ObjectAddress {
  bucket: string;
  key: string;
}

/** An object, or one of its versions. Without `versionId`: the latest. */
export interface ObjectVersionAddress extends ObjectAddress {
  versionId?: string;
}

/** A version that was made; absent where the bucket keeps none. */
export interface MadeVersion {
  versionId?: string;
}

/** S3 without a client. Rejects with S3's own errors. */
export interface S3Helper {
  /** Tags by their keys. */
  putObject(
    object: ObjectAddress & {
      body: string | Uint8Array;
      contentType?: string;
      metadata?: Record<string, string>;
      tags?: Record<string, string>;
    },
  ): Promise<MadeVersion>;
  getObject(object: ObjectVersionAddress): Promise<Uint8Array>;
  /** With `metadata`, in place of the source's own. */
  copyObject(copy: {
    from: ObjectVersionAddress;
    to: ObjectAddress;
    metadata?: Record<string, string>;
  }): Promise<MadeVersion>;
  /** With versioning, hides the object behind a delete marker, whose id is answered; with `versionId`, removes that version for good. */
  deleteObject(object: ObjectVersionAddress): Promise<MadeVersion>;
  /** Keys in order. */
  listKeys(bucket: string, prefix?: string): Promise<string[]>;
}

/** See {@link S3Helper}. */
export function createS3Helper(options: {
  service: Service;
  names: ResourceNames;
  context: () => CallContext;
}): S3Helper {
  const { service, names, context } = options;
  const address = ({ bucket, key, versionId }: ObjectVersionAddress): object => ({
    Bucket: names.bucket(bucket),
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  const change = async (operation: string, input: object): Promise<MadeVersion> => {
    const { VersionId: versionId } = await call<{ VersionId?: string }>(service, operation, input, context());
    return versionId === undefined ? {} : { versionId };
  };
  return {
    putObject: ({ body, contentType, metadata, tags, ...object }) =>
      change("PutObject", {
        ...address(object),
        Body: body,
        ...(contentType === undefined ? {} : { ContentType: contentType }),
        ...(metadata === undefined ? {} : { Metadata: metadata }),
        ...(tags === undefined ? {} : { Tagging: new URLSearchParams(tags).toString() }),
      }),
    async getObject(object) {
      const output = await call<{ Body: AsyncIterable<Uint8Array> | Uint8Array }>(
        service,
        "GetObject",
        address(object),
        context(),
      );
      return collect(output.Body);
    },
    copyObject({ from, to, metadata }) {
      const version = from.versionId === undefined ? "" : `?versionId=${from.versionId}`;
      return change("CopyObject", {
        ...address(to),
        CopySource: `${names.bucket(from.bucket)}/${encodeURIComponent(from.key)}${version}`,
        ...(metadata === undefined ? {} : { MetadataDirective: "REPLACE", Metadata: metadata }),
      });
    },
    deleteObject: (object) => change("DeleteObject", address(object)),
    async listKeys(bucket, prefix) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page: ListPage = await call<ListPage>(
          service,
          "ListObjectsV2",
          {
            Bucket: names.bucket(bucket),
            ...(prefix === undefined ? {} : { Prefix: prefix }),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          },
          context(),
        );
        keys.push(...(page.Contents ?? []).map((object) => object.Key));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
  };
}

interface ListPage {
  Contents?: { Key: string }[];
  NextContinuationToken?: string;
}

async function collect(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
