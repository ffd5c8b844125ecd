/** AWS::SQS::QueuePolicy and AWS::SQS::QueueInlinePolicy: a queue's Policy, kept and read back. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html */
import { list, readProperties } from "../shapes/collections.ts";
import { json, text } from "../shapes/scalars.ts";
import { type PropertyTable, required } from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import { deterministicId } from "./deterministic-id.ts";
import { type Identity, type IdentityContext, planned, type ResourceType } from "./resource-type.ts";

const policyProperties = {
  PolicyDocument: required(json()),
  Queues: required(list(text("!Ref Orders"))),
} satisfies PropertyTable;
const inlineProperties = {
  PolicyDocument: required(json()),
  Queue: required(text("!Ref Orders")),
} satisfies PropertyTable;

/** `Ref` is an id of its own. */
export const queuePolicy: ResourceType = {
  type: "AWS::SQS::QueuePolicy",
  properties: policyProperties,
  identify,
  plan(context) {
    const given = readProperties(context.definition.properties, policyProperties, "", context.read);
    return [planned(context, planPolicy(given.Queues, given.PolicyDocument))];
  },
};

/** `Ref` is the queue's URL. */
export const queueInlinePolicy: ResourceType = {
  type: "AWS::SQS::QueueInlinePolicy",
  properties: inlineProperties,
  identify: (context) => ({ ...identify(context), ref: context.property("Queue") ?? context.logicalId }),
  plan(context) {
    const given = readProperties(context.definition.properties, inlineProperties, "", context.read);
    return [planned(context, planPolicy([given.Queue], given.PolicyDocument))];
  },
};

function identify({ stackName, logicalId }: IdentityContext): Identity {
  const id = `${stackName}-${logicalId}-${deterministicId(12, stackName, logicalId)}`;
  return { physicalId: id, ref: id, attributes: { Id: id } };
}

function planPolicy(urls: readonly string[], document: unknown): Pick<PlannedResource, "calls" | "removal"> {
  const set = (Policy: string): PlannedCall[] =>
    urls.map((QueueUrl) => ({
      service: "sqs",
      operation: "SetQueueAttributes",
      input: { QueueUrl, Attributes: { Policy } },
    }));
  return { calls: set(typeof document === "string" ? document : JSON.stringify(document)), removal: set("") };
}
