import type { ServedRoute } from "../../api-store.ts";
import { functionNameOf } from "../../integration-uri.ts";
import { pathOfResource, type RestDefinition } from "../definition/rest-api.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";

/** The routes of a REST API, for lists. */
export function toServedRoutes({ resources }: RestDefinition): ServedRoute[] {
  return Object.values(resources).flatMap((resource) =>
    Object.values(resource.methods).flatMap(({ httpMethod, methodIntegration }): ServedRoute[] => {
      if (methodIntegration === undefined) return [];
      const functionArn = parseIntegrationArn(methodIntegration.uri ?? "")?.functionArn;
      const path = pathOfResource((id) => resources[id], resource.id);
      return [
        {
          method: httpMethod,
          path,
          ...(functionArn === undefined ? {} : { functionName: functionNameOf(functionArn) }),
        },
      ];
    }),
  );
}
