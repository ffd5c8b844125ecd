/** Takes in code as CreateFunction, UpdateFunctionCode and PublishLayerVersion are given it. */
import { readFile, stat } from "node:fs/promises";
import { isServiceError, ServiceError } from "@tripline/kernel";
import { invalidParameter, requestEntityTooLarge } from "../errors.ts";
import type { FunctionCode } from "../function-definition.ts";
import { limits } from "../limits.ts";
import type { CodeArchive, CodeStore } from "./code-store.ts";
import { packFile, packFolder } from "./pack-archive.ts";

/** An object in S3. */
export interface ObjectAddress {
  bucket: string;
  key: string;
  versionId?: string;
}

/** Reads an object whole. Rejects with S3's own errors. */
export type ReadObject = (address: ObjectAddress) => Promise<Uint8Array>;

/** An archive in the request, or in S3. */
export interface ArchiveInput {
  ZipFile?: Uint8Array;
  S3Bucket?: string;
  S3Key?: string;
  S3ObjectVersion?: string;
  S3ObjectStorageMode?: string;
  /** From templates and the library: the path of an archive. */
  LocalArchive?: string;
  /** Likewise: a folder, which is `/var/task` as it stands; for a layer it is packed. */
  LocalFolder?: string;
}

/** Code of a function. */
export interface CodeInput extends ArchiveInput {
  SourceKMSKeyArn?: string;
  ImageUri?: string;
  /** From templates and the library: the text of the handler's module, as CloudFormation's `ZipFile` has it. */
  InlineSource?: string;
}

/** Names of the members of an archive that are honoured. */
export const archiveMembers: readonly string[] = ["ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion"];

/** Takes code in. */
export interface CodeIntake {
  /** Undefined where the request has none. */
  archive(input: ArchiveInput): Promise<CodeArchive | undefined>;
  /** `runtime` names the file of inline source. */
  code(input: CodeInput, runtime: string): Promise<FunctionCode | undefined>;
}

/** See {@link CodeIntake}. */
export function createCodeIntake(options: { store: CodeStore; readObject: ReadObject }): CodeIntake {
  const { store, readObject } = options;
  const intake: CodeIntake = {
    async archive(input) {
      if (input.ZipFile !== undefined) return store.add(checkSize(input.ZipFile));
      if (input.LocalArchive !== undefined) return store.add(await readFile(input.LocalArchive));
      if (input.LocalFolder !== undefined) return store.add(await packWhole(await checkFolder(input.LocalFolder)));
      if (input.S3Bucket === undefined || input.S3Key === undefined) return undefined;
      const address = { bucket: input.S3Bucket, key: input.S3Key };
      const object = await readObject(
        input.S3ObjectVersion === undefined ? address : { ...address, versionId: input.S3ObjectVersion },
      ).catch(rethrowFromS3);
      return store.add(object);
    },
    async code(input, runtime) {
      if (input.LocalFolder !== undefined) return { kind: "folder", folder: await checkFolder(input.LocalFolder) };
      const archive =
        input.InlineSource === undefined
          ? await intake.archive(input)
          : await store.add(await packFile(runtime.startsWith("python") ? "index.py" : "index.js", input.InlineSource));
      if (archive === undefined) return undefined;
      return {
        kind: "archive",
        ...archive,
        ...(input.SourceKMSKeyArn === undefined ? {} : { sourceKmsKeyArn: input.SourceKMSKeyArn }),
      };
    },
  };
  return intake;
}

/** What comes directly; what comes from S3 is bounded by its unpacked size alone. */
function checkSize(archive: Uint8Array): Uint8Array {
  if (archive.byteLength <= limits.zippedCodeBytesMax) return archive;
  throw requestEntityTooLarge(`Zipped size must be smaller than ${limits.zippedCodeBytesMax} bytes`);
}

async function packWhole(folder: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of packFolder(folder)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function checkFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return folder;
  throw invalidParameter(`The code folder does not exist or cannot be read: ${folder}`);
}

/** S3's refusals as Lambda words them; a permission that is missing as well. */
function rethrowFromS3(error: unknown): never {
  if (!isServiceError(error) || error.status >= 500) throw error;
  throw new ServiceError(
    "InvalidParameterValueException",
    `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    { members: { Type: "User" } },
  );
}
