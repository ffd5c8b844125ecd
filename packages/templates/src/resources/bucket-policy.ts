/** AWS::S3::BucketPolicy: kept, and not evaluated. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html */
import { readProperties } from "../shapes/collections.ts";
import { json, text } from "../shapes/scalars.ts";
import { type PropertyTable, required } from "../shapes/shape.ts";
import { placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const properties = {
  Bucket: required(text("!Ref Uploads")),
  PolicyDocument: required(json()),
} satisfies PropertyTable;

/** `Ref` is the name of the bucket. */
export const bucketPolicy: ResourceType = {
  type: "AWS::S3::BucketPolicy",
  properties,
  identify({ property }) {
    const name = property("Bucket") ?? "";
    return { physicalId: name, ref: name, attributes: {} };
  },
  plan(context) {
    const { definition } = context;
    const { Bucket, PolicyDocument } = readProperties(definition.properties, properties, "", context.read);
    if (context.findByRef(["AWS::S3::Bucket"], Bucket) === undefined) {
      context.skip("Its bucket is not in this template.", "Bucket", placeOfProperty(definition, "Bucket"));
      return [];
    }
    const Policy = typeof PolicyDocument === "string" ? PolicyDocument : JSON.stringify(PolicyDocument);
    return [
      planned(context, {
        calls: [{ service: "s3", operation: "PutBucketPolicy", input: { Bucket, Policy } }],
        removal: [{ service: "s3", operation: "DeleteBucketPolicy", input: { Bucket } }],
      }),
    ];
  },
};
