/** REST APIs as they are defined and deployed. https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html */
import type { ApiDefinition } from "../api-store.ts";

/** A node of the resource tree. */
export interface RestResource {
  parentId?: string;
  /** `orders`, `{id}`, `{proxy+}`; empty for the root. */
  pathPart: string;
  /** By verb, `ANY` for every one. */
  methods: Readonly<Record<string, RestMethod>>;
}

/** A method; without an integration it is not deployed. */
export interface RestMethod {
  functionArn?: string;
  timeoutMs?: number;
}

/** A method as it is served. */
export interface RestRoute {
  resourceId: string;
  /** `/orders/{id}`. */
  path: string;
  method: string;
  functionArn: string;
  timeoutMs: number;
}

/** A stage, with what was deployed to it. */
export interface RestStage {
  deploymentId: string;
  variables: Readonly<Record<string, string>>;
  routes: readonly RestRoute[];
  binaryMediaTypes: readonly string[];
}

/** A REST API. */
export interface RestApi extends ApiDefinition {
  type: "REST";
  binaryMediaTypes: readonly string[];
  rootResourceId: string;
  /** By id. */
  resources: Readonly<Record<string, RestResource>>;
  stages: Readonly<Record<string, RestStage>>;
}

/** `/orders/{id}`. */
export function pathOfResource(api: RestApi, resourceId: string): string {
  const parts: string[] = [];
  for (let id: string | undefined = resourceId; id !== undefined;) {
    const resource: RestResource | undefined = api.resources[id];
    if (resource === undefined) break;
    if (resource.pathPart !== "") parts.unshift(resource.pathPart);
    id = resource.parentId;
  }
  return `/${parts.join("/")}`;
}

/** What deploying `api` now would serve. */
export function restRoutesOf(api: RestApi): RestRoute[] {
  return Object.entries(api.resources).flatMap(([resourceId, resource]) =>
    Object.entries(resource.methods).flatMap(([method, { functionArn, timeoutMs = 29_000 }]): RestRoute[] =>
      functionArn === undefined
        ? []
        : [{ resourceId, path: pathOfResource(api, resourceId), method, functionArn, timeoutMs }],
    ),
  );
}
