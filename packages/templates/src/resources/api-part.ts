/**
 * Resource types that are parts of an API: they go with it, and are made anew with it, so that what leaves the template is gone.
 */
import { readProperties } from "../shapes/collections.ts";
import { text } from "../shapes/scalars.ts";
import { optional, type Properties, type PropertyTable } from "../shapes/shape.ts";
import type { PlannedCall } from "../template-plan.ts";
import { deterministicId } from "./deterministic-id.ts";
import {
  type Identity,
  type IdentityContext,
  placeOfProperty,
  planned,
  type PlanContext,
  type ResourceType,
} from "./resource-type.ts";

/** How one of them is named and made. */
export interface ApiPart<Owner extends string, P extends PropertyTable> {
  type: string;
  properties: P;
  /** Default: an id, which `Ref` gives, and `attribute` too. */
  identify?: (context: IdentityContext) => Identity;
  attribute?: string;
  calls(given: Properties<P> & Record<Owner, string>, identity: Identity, context: PlanContext): PlannedCall[];
}

/** The APIs that parts belong to. */
interface ApiKind<Owner extends string> {
  /** The property that names the API. */
  owner: Owner;
  /** The first is told to who names none of them. */
  types: readonly string[];
  idLength: number;
}

function toResourceType<Owner extends string, P extends PropertyTable>(
  { owner, types, idLength }: ApiKind<Owner>,
  part: ApiPart<Owner, P>,
): ResourceType {
  const properties: PropertyTable = { [owner]: optional(text("!Ref ShopApi")), ...part.properties };
  return {
    type: part.type,
    properties,
    identify(context) {
      if (part.identify !== undefined) return part.identify(context);
      const id = deterministicId(idLength, context.stackName, context.logicalId);
      return { physicalId: id, ref: id, attributes: part.attribute === undefined ? {} : { [part.attribute]: id } };
    },
    plan(context) {
      const { definition, identity } = context;
      const given = readProperties(definition.properties, properties, "", context.read) as Properties<P> &
        Partial<Record<Owner, string>>;
      const api = given[owner] ?? "";
      if (context.findByRef(types, api) === undefined) {
        context.skip(
          `${api} is no ${types[0] ?? ""} of this template: use !Ref with its logical id.`,
          owner,
          placeOfProperty(definition, owner),
        );
        return [];
      }
      const calls = part.calls({ ...given, [owner]: api }, identity, context);
      return [planned(context, { calls, removal: [] })];
    },
  };
}

/** The type of a part of a REST API. */
export function restApiPart<P extends PropertyTable>(part: ApiPart<"RestApiId", P>): ResourceType {
  return toResourceType({ owner: "RestApiId", types: ["AWS::ApiGateway::RestApi"], idLength: 6 }, part);
}

/** The type of a part of an HTTP API, which SAM may have made. */
export function httpApiPart<P extends PropertyTable>(part: ApiPart<"ApiId", P>): ResourceType {
  const types = ["AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"];
  return toResourceType({ owner: "ApiId", types, idLength: 7 }, part);
}
