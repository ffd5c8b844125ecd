import type { CallContext, Service } from "@tripline/kernel";
import type { ResourceNames } from "../resource-names.ts";
import { call } from "./call.ts";

/** Where an object is. `bucket`: logical id, name or ARN. */
export interface ObjectAddress {
  bucket: string;
  key: string;
}

/** S3 without a client. Rejects with S3's own errors. */
export interface S3Helper {
  putObject(
    object: ObjectAddress & { body: string | Uint8Array; contentType?: string; metadata?: Record<string, string> },
  ): Promise<void>;
  getObject(object: ObjectAddress): Promise<Uint8Array>;
  deleteObject(object: ObjectAddress): Promise<void>;
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
  return {
    async putObject({ bucket, key, body, contentType, metadata }) {
      const input = {
        Bucket: names.bucket(bucket),
        Key: key,
        Body: body,
        ...(contentType === undefined ? {} : { ContentType: contentType }),
        ...(metadata === undefined ? {} : { Metadata: metadata }),
      };
      await call(service, "PutObject", input, context());
    },
    async getObject({ bucket, key }) {
      const output = await call<{ Body: AsyncIterable<Uint8Array> | Uint8Array }>(
        service,
        "GetObject",
        { Bucket: names.bucket(bucket), Key: key },
        context(),
      );
      return collect(output.Body);
    },
    async deleteObject({ bucket, key }) {
      await call(service, "DeleteObject", { Bucket: names.bucket(bucket), Key: key }, context());
    },
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
