/** A deployment as it is served: routes as a tree; templates, models and authorizers taken apart on first use. */
import { createRouteTable, parameterNames, type RouteTable } from "../../routing/route-table.ts";
import { parseTemplate } from "../../velocity/parse-template.ts";
import type { TemplateNode } from "../../velocity/template-node.ts";
import {
  type IntegrationResponse,
  pathOfResource,
  type RestDefinition,
  type RestIntegration,
  type RestMethod,
  type RestResource,
} from "../definition/rest-api.ts";
import { compileModel, type ModelCheck } from "./compile-model.ts";

/** A resource with its path. */
export interface CompiledResource {
  definition: RestResource;
  /** `/orders/{id}` */
  path: string;
  /** Names of the path's parameters, in order. */
  names: readonly string[];
  methods: ReadonlyMap<string, CompiledMethod>;
}

/** A method that has an integration. */
export interface CompiledMethod {
  definition: RestMethod;
  integration: RestIntegration;
  /** In the order of their status codes. */
  responses: readonly CompiledResponse[];
}

/** An integration response; `pattern` is undefined for the default one. */
export interface CompiledResponse {
  definition: IntegrationResponse;
  pattern: RegExp | undefined;
}

/** See the module's header. */
export interface CompiledDeployment {
  id: string;
  definition: RestDefinition;
  routes: RouteTable<CompiledResource>;
  resources: ReadonlyMap<string, CompiledResource>;
  /** Parsed once. Throws TemplateError. */
  template(text: string): readonly TemplateNode[];
  /** Undefined where there is no such model. */
  model(name: string): ModelCheck | undefined;
}

/** Compiles a definition. */
export function compileDeployment(id: string, definition: RestDefinition): CompiledDeployment {
  const templates = new Map<string, readonly TemplateNode[]>();
  const models = new Map<string, ModelCheck>();
  const resources = Object.values(definition.resources).map((one) => compileResource(definition, one));
  return {
    id,
    definition,
    routes: createRouteTable(resources, (one) => one.path, { fullFirst: false }),
    resources: new Map(resources.map((one) => [one.definition.id, one])),
    template(text) {
      let nodes = templates.get(text);
      if (nodes === undefined) templates.set(text, (nodes = parseTemplate(text)));
      return nodes;
    },
    model(name) {
      if (definition.models[name] === undefined) return undefined;
      let check = models.get(name);
      if (check === undefined) models.set(name, (check = compileModel(definition.models, name)));
      return check;
    },
  };
}

function compileResource(definition: RestDefinition, resource: RestResource): CompiledResource {
  const path = pathOfResource((id) => definition.resources[id], resource.id);
  const methods = new Map<string, CompiledMethod>();
  for (const method of Object.values(resource.methods)) {
    const integration = method.methodIntegration;
    if (integration === undefined) continue;
    const responses = Object.values(integration.integrationResponses ?? {}).map((response) => {
      const { selectionPattern = "" } = response;
      return {
        definition: response,
        pattern: selectionPattern === "" ? undefined : new RegExp(`^(?:${selectionPattern})$`),
      };
    });
    methods.set(method.httpMethod, { definition: method, integration, responses });
  }
  return { definition: resource, path, names: parameterNames(path), methods };
}
