/** The one operation of S3 that its model lacks: an upload by a form. Its operation is named `PostObject`. */
import type { HttpResponse } from "@tripline/kernel";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import type { ResponseIds } from "../protocols/protocol.ts";
import { element, xmlDeclaration } from "../protocols/xml-text.ts";

/** Its name. */
export const postObjectName = "PostObject";

/** As the model would have it. */
export function postObjectOf(service: ServiceModel): OperationModel {
  const http = { method: "POST", uri: "/", status: 204 };
  return { name: postObjectName, service, http, input: undefined, output: undefined };
}

/** What the operation answers. */
interface PostObjectOutput {
  Status: number;
  Location: string;
  Bucket: string;
  Key: string;
  ETag: string;
  VersionId?: string;
}

/** A redirect has its target as Location; 201 says in a document what was made. */
export function encodePostObject(output: object, ids: ResponseIds): HttpResponse {
  const { Status, Location, Bucket, Key, ETag, VersionId } = output as PostObjectOutput;
  const rawHeaders = ["x-amz-request-id", ids.requestId, "x-amz-id-2", ids.hostId, "location", Location, "etag", ETag];
  if (VersionId !== undefined) rawHeaders.push("x-amz-version-id", VersionId);
  if (Status !== 201) return { status: Status, rawHeaders, body: "" };
  const members = [
    element("Location", Location),
    element("Bucket", Bucket),
    element("Key", Key),
    element("ETag", ETag),
  ];
  rawHeaders.push("content-type", "application/xml");
  return { status: 201, rawHeaders, body: `${xmlDeclaration}<PostResponse>${members.join("")}</PostResponse>` };
}
