/** AWS::Lambda::EventInvokeConfig; SAM's EventInvokeConfig makes one as well. */
import { object, readProperties } from "../shapes/collections.ts";
import { integer, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../shapes/shape.ts";
import { lambda } from "./function-settings.ts";
import { type PlanContext, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const destination = object({ Destination: required(text("!GetAtt Done.Arn")) });
const properties = {
  FunctionName: required(text("!Ref Import")),
  Qualifier: required(text("$LATEST")),
  MaximumRetryAttempts: optional(integer("2")),
  MaximumEventAgeInSeconds: optional(integer("3600")),
  DestinationConfig: optional(object({ OnSuccess: optional(destination), OnFailure: optional(destination) })),
} satisfies PropertyTable;

/** `Ref` is the function's name with the qualifier. */
export const eventInvokeConfig: ResourceType = {
  type: "AWS::Lambda::EventInvokeConfig",
  properties,
  identify({ property, logicalId }) {
    const id = `${property("FunctionName") ?? logicalId}:${property("Qualifier") ?? "$LATEST"}`;
    return { physicalId: id, ref: id, attributes: {} };
  },
  plan(context) {
    const { Qualifier, ...given } = readProperties(context.definition.properties, properties, "", context.read);
    const reason = context.whyNotCallable(given.FunctionName);
    if (reason !== undefined) {
      context.skip(reason, "FunctionName", placeOfProperty(context.definition, "FunctionName"));
      return [];
    }
    const DestinationConfig = callableDestinations(context, given.DestinationConfig, "DestinationConfig");
    const { DestinationConfig: _given, FunctionName, ...rest } = given;
    const target = { FunctionName, ...(Qualifier === "$LATEST" ? {} : { Qualifier }) };
    return [
      planned(context, {
        calls: [
          lambda("PutFunctionEventInvokeConfig", {
            ...target,
            ...rest,
            ...(DestinationConfig === undefined ? {} : { DestinationConfig }),
          }),
        ],
        removal: [lambda("DeleteFunctionEventInvokeConfig", target)],
      }),
    ];
  },
};

/** The destinations that are functions or queues; the others are listed. */
export function callableDestinations(
  context: PlanContext,
  given: Readonly<Record<string, { Destination: string }>> | undefined,
  property: string,
): Record<string, { Destination: string }> | undefined {
  if (given === undefined) return undefined;
  const kept: Record<string, { Destination: string }> = {};
  for (const [name, { Destination }] of Object.entries(given)) {
    const reason = context.whyNotCallable(Destination);
    const [first = property] = property.split(".");
    if (reason === undefined) kept[name] = { Destination };
    else context.skip(reason, `${property}.${name}`, placeOfProperty(context.definition, first));
  }
  return kept;
}
