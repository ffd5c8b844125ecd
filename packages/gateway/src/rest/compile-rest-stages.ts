import type { ServedStage } from "../api-store.ts";
import type { RestApi } from "./rest-api.ts";
import { type RestServing, serveRestStage } from "./serve-rest-api.ts";

/** What the stages of `api` serve. */
export function compileRestStages(serving: RestServing, api: RestApi): Map<string, ServedStage> {
  return new Map(Object.entries(api.stages).map(([name, stage]) => [name, serveRestStage(serving, api.id, stage)]));
}
