import { parseArn } from "@tripline/kernel";
import { object, readProperties } from "../../shapes/collections.ts";
import { choice, text } from "../../shapes/scalars.ts";
import { optional, required, withoutEffect, withOthers } from "../../shapes/shape.ts";
import {
  eventSourceMapping,
  otherMappingSettings,
  planMapping,
  streamMappingSettings,
  toMappingId,
} from "../event-source-mapping.ts";
import type { EventType } from "./event-type.ts";

const properties = withOthers(
  {
    Stream: required(text("!GetAtt Clicks.Arn")),
    ...streamMappingSettings,
    DestinationConfig: optional(
      object(
        withOthers(
          {
            OnFailure: optional(
              object(
                withOthers(
                  { Destination: optional(text("!GetAtt Failures.Arn")) },
                  { Type: withoutEffect("The ARN says what it is.") },
                ),
              ),
            ),
          },
          {},
        ),
      ),
    ),
    StartingPosition: optional(choice("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")),
  },
  otherMappingSettings,
);

/** An event source mapping of a stream. */
function streamEvent(type: "Kinesis" | "DynamoDB"): EventType {
  return {
    type,
    properties,
    plan(event, context) {
      const { Stream, ...settings } = readProperties(event.properties, properties, event.path, context.read);
      if (parseArn(Stream)?.service !== type.toLowerCase()) {
        context.skip(`${Stream} is no stream of ${type} that is simulated.`, event.path, event.place);
        return [];
      }
      return [
        {
          logicalId: event.logicalId,
          type: eventSourceMapping.type,
          line: event.place.line,
          physicalId: toMappingId(Stream, context.identity.physicalId),
          ...planMapping({ EventSourceArn: Stream, FunctionName: context.identity.physicalId, ...settings }),
        },
      ];
    },
  };
}

export const kinesisEvent: EventType = streamEvent("Kinesis");
export const dynamodbEvent: EventType = streamEvent("DynamoDB");
