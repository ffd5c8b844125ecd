/**
 * Resource types that are parts of a REST API: they go with it, and are made anew with it, so that what leaves the template is gone.
 */
import { optional, type PropertyTable } from "../../shapes/shape.ts";
import { text } from "../../shapes/scalars.ts";
import { readProperties } from "../../shapes/collections.ts";
import type { Properties } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { deterministicId } from "../deterministic-id.ts";
import {
  type Identity,
  type IdentityContext,
  placeOfProperty,
  planned,
  type PlanContext,
  type ResourceType,
} from "../resource-type.ts";

/** How one of them is named and made. */
export interface RestApiPart<P extends PropertyTable> {
  type: string;
  properties: P;
  /** Default: an id of 6 characters, which `Ref` gives, and `attribute` too. */
  identify?: (context: IdentityContext) => Identity;
  attribute?: string;
  calls(given: Properties<P> & { RestApiId: string }, identity: Identity, context: PlanContext): PlannedCall[];
}

/** The type of a part. */
export function restApiPart<P extends PropertyTable>(part: RestApiPart<P>): ResourceType {
  const properties = { RestApiId: optional(text("!Ref ShopApi")), ...part.properties };
  return {
    type: part.type,
    properties,
    identify(context) {
      if (part.identify !== undefined) return part.identify(context);
      const id = deterministicId(6, context.stackName, context.logicalId);
      return { physicalId: id, ref: id, attributes: part.attribute === undefined ? {} : { [part.attribute]: id } };
    },
    plan(context) {
      const { definition, identity } = context;
      const given = readProperties(definition.properties, properties, "", context.read) as Properties<P> & {
        RestApiId?: string;
      };
      const { RestApiId = "" } = given;
      if (context.findByRef(["AWS::ApiGateway::RestApi"], RestApiId) === undefined) {
        context.skip(
          `${RestApiId} is no AWS::ApiGateway::RestApi of this template: use !Ref with its logical id.`,
          "RestApiId",
          placeOfProperty(definition, "RestApiId"),
        );
        return [];
      }
      return [planned(context, { calls: part.calls({ ...given, RestApiId }, identity, context), removal: [] })];
    },
  };
}
