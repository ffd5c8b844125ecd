import { readProperties } from "../../shapes/collections.ts";
import { text } from "../../shapes/scalars.ts";
import { required, withOthers } from "../../shapes/shape.ts";
import {
  eventSourceMapping,
  otherMappingSettings,
  planMapping,
  queueMappingSettings,
  toMappingId,
} from "../event-source-mapping.ts";
import type { EventType } from "./event-type.ts";

const properties = withOthers(
  { Queue: required(text("!GetAtt Orders.Arn")), ...queueMappingSettings },
  otherMappingSettings,
);

/** An event source mapping. */
export const sqsEvent: EventType = {
  type: "SQS",
  properties,
  plan(event, context) {
    const { Queue, ...settings } = readProperties(event.properties, properties, event.path, context.read);
    return [
      {
        logicalId: event.logicalId,
        type: eventSourceMapping.type,
        line: event.place.line,
        physicalId: toMappingId(Queue, context.identity.physicalId),
        ...planMapping({ EventSourceArn: Queue, FunctionName: context.identity.physicalId, ...settings }),
      },
    ];
  },
};
