import type { ServedStage } from "../api-store.ts";
import { functionNameOf, functionOfUri } from "../integration-uri.ts";
import { withStageVariables } from "../stage-variables.ts";
import { type HttpStage, splitRouteKey } from "./http-api.ts";
import type { HttpServing } from "./serve-http-api.ts";

/**
 * What a stage of the API `apiId` serves. The chain of links is loaded, and the stage compiled, with its first request: a start does not
 * wait for them.
 */
export function lazyHttpStage(serving: HttpServing, apiId: string, stage: HttpStage): ServedStage {
  let loaded: Pick<ServedStage, "serve"> | undefined;
  const load = async (): Promise<Pick<ServedStage, "serve">> => {
    const { serveHttpStage } = await import("./serve-http-api.ts");
    return (loaded ??= serveHttpStage(serving, apiId, stage));
  };
  return {
    routes: stage.routes.map(({ routeKey, integration: { uri = "" } }) => {
      const { method, path } = splitRouteKey(routeKey);
      const functionArn = functionOfUri(withStageVariables(uri, stage.variables));
      return { method, path, ...(functionArn === undefined ? {} : { functionName: functionNameOf(functionArn) }) };
    }),
    serve: async (request) => (loaded ?? (await load())).serve(request),
  };
}
