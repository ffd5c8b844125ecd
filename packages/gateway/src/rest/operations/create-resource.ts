import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { pathOfResource } from "../rest-api.ts";
import { resourceOf, restApiOf } from "./rest-api-of.ts";

/** Input of CreateResource. `resourceId` is for templates. */
export interface CreateResourceInput {
  restApiId: string;
  parentId: string;
  pathPart: string;
  resourceId?: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html */
export function createResourceOperation(house: GatewayHouse): Operation<CreateResourceInput, object> {
  return {
    name: "CreateResource",
    honoured: ["restApiId", "parentId", "pathPart", "resourceId"],
    async run({ restApiId, parentId, pathPart, resourceId }, context) {
      const api = restApiOf(house, restApiId);
      const parent = resourceOf(api, parentId);
      if (resourceId !== undefined && context.upsert !== true) throw badRequest("resourceId cannot be chosen");
      if (!/^(?:[\w.\-:$@+~!*'(),;=]+|\{[\w.\-:]+\+?\})$/.test(pathPart))
        throw badRequest(
          "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
        );
      if (parent.pathPart.endsWith("+}"))
        throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
      for (const [id, sibling] of Object.entries(api.resources)) {
        if (sibling.parentId !== parentId || id === resourceId) continue;
        if (sibling.pathPart === pathPart)
          throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
        if (sibling.pathPart.startsWith("{") && pathPart.startsWith("{"))
          throw badRequest(
            `A sibling (${sibling.pathPart}) of this resource already has a variable path part -- only one is allowed`,
          );
      }
      const id = resourceId ?? newId(house.rng, 6);
      const next = { ...api, resources: { ...api.resources, [id]: { parentId, pathPart, methods: {} } } };
      await house.apis.put(next);
      return { id, parentId, pathPart, path: pathOfResource(next, id) };
    },
  };
}
