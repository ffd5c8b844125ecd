import type { ServedStage } from "../../api-store.ts";
import type { RestApi } from "../definition/rest-api.ts";
import type { RestServing } from "./rest-serving.ts";
import { toServedRoutes } from "./served-routes.ts";

/** What the stage `stageName` of `api` serves. The chain of links is loaded with its first request: most applications have no REST API. */
export function lazyRestStage(serving: RestServing, api: RestApi, stageName: string): ServedStage {
  let loaded: Pick<ServedStage, "serve"> | undefined;
  const load = async (): Promise<Pick<ServedStage, "serve">> => {
    const { serveRestStage } = await import("./serve-rest-stage.ts");
    return (loaded ??= serveRestStage(serving, api, stageName));
  };
  return {
    get routes() {
      const id = api.stages.get(stageName)?.deploymentId ?? "";
      const definition = api.deployments.get(id)?.definition;
      return definition === undefined ? [] : toServedRoutes(definition);
    },
    serve: async (request) => (loaded ?? (await load())).serve(request),
  };
}
