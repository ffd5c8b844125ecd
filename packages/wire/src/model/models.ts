/** The services that have a model, and what the schemas do not say about them. To add one: a line here, and in generate-models.mjs. */
import { type GeneratedModel, type ServiceFacts, type ServiceModel, toServiceModel } from "./service-model.ts";

interface Entry {
  facts: ServiceFacts;
  load(): Promise<GeneratedModel>;
}

const mebibyte = 1024 * 1024;

const entries: readonly Entry[] = [
  {
    facts: { id: "lambda", protocol: "restJson1", bodyBytesMax: 96 * mebibyte }, // a 50 MB archive in base64
    load: () => import("../generated/lambda.js"),
  },
  {
    facts: {
      id: "s3",
      protocol: "restXml",
      xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
      bodyBytesMax: 2 * mebibyte, // XML documents; objects are streamed
    },
    load: () => import("../generated/s3.js"),
  },
  {
    facts: {
      id: "sqs",
      protocol: "awsQuery",
      target: "AmazonSQS",
      xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
      isQueryCompatible: true,
      queryMessages: {
        "AWS.SimpleQueueService.NonExistentQueue": "The specified queue does not exist for this wsdl version.",
      },
      bodyBytesMax: 8 * mebibyte, // 1 MiB of messages, every character escaped
    },
    load: () => import("../generated/sqs.js"),
  },
];

/** What is known of each service without its shapes, by signing name. */
export const serviceFacts: ReadonlyMap<string, ServiceFacts> = new Map(entries.map(({ facts }) => [facts.id, facts]));

/** Loads the model of `service`; undefined where there is none. Models are large, and most runs need one or two. */
export async function loadModel(service: string): Promise<ServiceModel | undefined> {
  const entry = entries.find(({ facts }) => facts.id === service);
  return entry === undefined ? undefined : toServiceModel(entry.facts, await entry.load());
}
