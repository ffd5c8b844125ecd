import type { ServedStage } from "../../api-store.ts";
import type { GatewayHouse } from "../../house.ts";
import { type HttpApi, type HttpStage, snapshotOf } from "../http-api.ts";
import { type HttpServing, serveHttpStage } from "../serve-http-api.ts";

/** What `stages` serve. */
export function compileHttpStages(
  serving: HttpServing,
  apiId: string,
  stages: readonly [string, HttpStage][],
): Map<string, ServedStage> {
  return new Map(stages.map(([name, stage]) => [name, serveHttpStage(serving, apiId, stage)]));
}

/** Keeps a definition, and deploys it to its stages: every stage of an HTTP API deploys by itself here. */
export async function saveHttpApi({ apis, serving }: GatewayHouse, draft: HttpApi): Promise<void> {
  const snapshot = snapshotOf(draft);
  const stages = Object.entries(draft.stages).map(([name, { variables }]): [string, HttpStage] => [
    name,
    { variables, ...snapshot },
  ]);
  await apis.put({ ...draft, stages: Object.fromEntries(stages) } as HttpApi);
  if (stages.length > 0) apis.deploy(draft.id, compileHttpStages(serving, draft.id, stages));
}
