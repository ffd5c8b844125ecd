/** CreateResource, GetResource(s), UpdateResource, DeleteResource. https://docs.aws.amazon.com/apigateway/latest/api/API_Resource.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { pathOfResource, type RestApi, type RestResource } from "../definition/rest-api.ts";
import { applyPatch, listedErrors, type PatchOperation } from "../patch/patch-operations.ts";
import { resourceOf, restApiOf } from "./find.ts";
import { toWireMethod } from "./methods.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of CreateResource. `resourceId` is for templates. */
export interface CreateResourceInput {
  restApiId: string;
  parentId: string;
  pathPart: string;
  resourceId?: string;
}

interface ResourceInput {
  restApiId: string;
  resourceId: string;
}

/** The operations of resources. */
export function resourceOperations(house: GatewayHouse): Operation[] {
  const { rest, rng } = house;
  return [
    restOperation<CreateResourceInput>(
      "CreateResource",
      ["restApiId", "parentId", "pathPart", "resourceId"],
      async ({ restApiId, parentId, pathPart, resourceId }, context) => {
        const api = restApiOf(house, restApiId);
        resourceOf(house, restApiId, parentId);
        if (resourceId !== undefined && context.upsert !== true) throw badRequest("resourceId cannot be chosen");
        const resource = { id: resourceId ?? newId(rng, 6), parentId, pathPart, methods: {} };
        checkPlace(api, resource);
        await rest.put(api, "resources", resource.id, resource);
        return toWireResource(api, resource, false);
      },
    ),
    restOperation<ResourceInput & { embed?: string[] }>(
      "GetResource",
      ["restApiId", "resourceId", "embed"],
      async ({ restApiId, resourceId, embed }) => {
        const { api, resource } = resourceOf(house, restApiId, resourceId);
        return toWireResource(api, resource, embedsMethods(embed));
      },
    ),
    restOperation<{ restApiId: string; embed?: string[] } & PageInput>(
      "GetResources",
      ["restApiId", "embed", ...pageMembers],
      async ({ restApiId, embed, ...which }) => {
        const api = restApiOf(house, restApiId);
        const all = [...api.resources.values()].map((one) => toWireResource(api, one, embedsMethods(embed)));
        return page(
          all.sort((a, b) => (a.path < b.path ? -1 : 1)),
          which,
        );
      },
    ),
    restOperation<ResourceInput & { patchOperations?: PatchOperation[] }>(
      "UpdateResource",
      ["restApiId", "resourceId", "patchOperations"],
      async ({ restApiId, resourceId, patchOperations }) => {
        const { api, resource } = resourceOf(house, restApiId, resourceId);
        const next = { ...resource };
        const notRoot = (member: string): void => {
          if (resource.parentId === undefined) throw badRequest(`Root resource cannot update its ${member}.`);
        };
        applyPatch(
          "updateResourceInput",
          patchOperations,
          [
            {
              path: "/parentId",
              ops: {
                replace: ({ value = "" }) => {
                  notRoot("parentId");
                  resourceOf(house, restApiId, value);
                  for (let at: string | undefined = value; at !== undefined; at = api.resources.get(at)?.parentId)
                    if (at === resourceId) throw badRequest("Resources cannot be cyclical.");
                  next.parentId = value;
                },
              },
            },
            {
              path: "/pathPart",
              ops: {
                replace: ({ value = "" }) => {
                  notRoot("pathPart");
                  next.pathPart = value;
                },
              },
            },
          ],
          listedErrors,
        );
        if (next.parentId !== undefined) checkPlace(api, next);
        await rest.put(api, "resources", resourceId, next);
        return toWireResource(api, next, false);
      },
    ),
    restOperation<ResourceInput>("DeleteResource", ["restApiId", "resourceId"], async ({ restApiId, resourceId }) => {
      const { api, resource } = resourceOf(house, restApiId, resourceId);
      if (resource.parentId === undefined) throw badRequest("Root resource cannot be deleted.");
      await Promise.all(withDescendants(api, resourceId).map((id) => rest.remove(api, "resources", id)));
      return {};
    }),
  ];
}

/** Throws where a resource cannot stand under its parent. */
export function checkPlace(api: RestApi, { id, parentId = "", pathPart }: RestResource): void {
  const parent = api.resources.get(parentId)?.pathPart ?? "";
  if (!/^(?:[\w.\-:$@+~!*'(),;=%]+|\{[\w.\-:]+\+?\})$/.test(pathPart))
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  if (parent.endsWith("+}"))
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent}`);
  for (const sibling of api.resources.values()) {
    if (sibling.parentId !== parentId || sibling.id === id) continue;
    if (sibling.pathPart === pathPart)
      throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
    if (sibling.pathPart.startsWith("{") && pathPart.startsWith("{"))
      throw badRequest(
        `A sibling (${sibling.pathPart}) of this resource already has a variable path part -- only one is allowed`,
      );
  }
}

function withDescendants(api: RestApi, id: string): string[] {
  const children = [...api.resources.values()].filter((one) => one.parentId === id);
  return [id, ...children.flatMap((one) => withDescendants(api, one.id))];
}

function embedsMethods(embed: readonly string[] | undefined): boolean {
  return embed?.includes("methods") === true;
}

/** A resource as the API answers it. */
export function toWireResource(api: RestApi, resource: RestResource, embed: boolean): { path: string } {
  const { id, parentId, pathPart, methods } = resource;
  const find = (one: string): RestResource | undefined => (one === id ? resource : api.resources.get(one));
  const verbs = Object.entries(methods);
  return {
    ...(parentId === undefined ? { id } : { id, parentId, pathPart }),
    path: pathOfResource(find, id),
    ...(verbs.length === 0
      ? {}
      : {
          resourceMethods: Object.fromEntries(verbs.map(([verb, method]) => [verb, embed ? toWireMethod(method) : {}])),
        }),
  };
}
