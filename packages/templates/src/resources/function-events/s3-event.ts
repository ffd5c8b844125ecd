import { invalid } from "../../read/errors.ts";
import { list, readProperties } from "../../shapes/collections.ts";
import { text } from "../../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../../shapes/shape.ts";
import { notificationFilter } from "../notification-filter.ts";
import { planServicePermission } from "../permission.ts";
import type { EventType } from "./event-type.ts";

const properties = {
  Bucket: required(text("!Ref Uploads")),
  Events: required(list(text("s3:ObjectCreated:*"), { orSingle: true })),
  Filter: optional(notificationFilter),
} satisfies PropertyTable;

/** A notification of a bucket of the same template. */
export const s3Event: EventType = {
  type: "S3",
  properties,
  plan(event, context) {
    const { logicalId, identity } = { ...context.definition, identity: context.identity };
    const given = readProperties(event.properties, properties, event.path, context.read);
    const bucket = context.findByRef(["AWS::S3::Bucket"], given.Bucket);
    if (bucket === undefined) {
      throw invalid(
        event.properties.entries.get("Bucket")?.place ?? event.place,
        `${event.path}.Bucket of ${logicalId} is no bucket of this template: "${given.Bucket}".`,
        "Define an AWS::S3::Bucket in this template, and write !Ref with its logical id.",
      );
    }
    context.addNotification(bucket, {
      Id: event.logicalId,
      targetArn: identity.arn ?? "",
      targetKind: "function",
      Events: given.Events,
      filterRules: given.Filter ?? [],
      functionLogicalId: logicalId,
    });
    return [
      planServicePermission(context, `${event.logicalId}Permission`, event.place.line, {
        Principal: "s3.amazonaws.com",
        SourceAccount: context.scope.accountId, // no ARN, as SAM: the bucket may be made after the function
      }),
    ];
  },
};
