import type { ServedStage } from "../../api-store.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { type HttpApi, type HttpDeployment, type HttpStage, snapshotOf } from "../http-api.ts";
import { lazyHttpStage } from "../lazy-http-stage.ts";
import type { HttpServing } from "../serve-http-api.ts";

/** What `stages` serve. */
export function compileHttpStages(
  serving: HttpServing,
  apiId: string,
  stages: readonly [string, HttpStage][],
): Map<string, ServedStage> {
  return new Map(stages.map(([name, stage]) => [name, lazyHttpStage(serving, apiId, stage)]));
}

/**
 * Keeps a definition, and deploys it to the stages that deploy by themselves. An API without stages serves what it served (a template
 * makes it anew) unless `isStageGone`.
 */
export async function saveHttpApi(
  { apis, serving, rng, clock }: GatewayHouse,
  draft: HttpApi,
  isStageGone = false,
): Promise<void> {
  const stages: Record<string, HttpStage> = { ...draft.stages };
  const deployments: Record<string, HttpDeployment> = { ...draft.deployments };
  const automatic = Object.entries(stages).filter(([, stage]) => stage.autoDeploy);
  if (automatic.length > 0) {
    const snapshot = snapshotOf(draft);
    const made: HttpDeployment = { id: newId(rng, 6), createdAtMs: clock.now(), autoDeployed: true, ...snapshot };
    deployments[made.id] = made;
    for (const [name, stage] of automatic) stages[name] = serveSnapshot(stage, made);
  }
  const served = new Set(Object.values(stages).map((stage) => stage.deploymentId));
  for (const { id, autoDeployed } of Object.values(deployments))
    if (autoDeployed && !served.has(id)) delete deployments[id];
  const saved: HttpApi = { ...draft, stages, deployments };
  await apis.put(saved);
  if (isStageGone || Object.keys(stages).length > 0)
    apis.deploy(draft.id, compileHttpStages(serving, draft.id, Object.entries(stages)));
}

/** The stage, serving that deployment. */
export function serveSnapshot(stage: HttpStage, deployment: HttpDeployment): HttpStage {
  const { cors: _cors, disableExecuteApiEndpoint: _disabled, ...kept } = stage;
  const { id, routes, cors, disableExecuteApiEndpoint } = deployment;
  return {
    ...kept,
    deploymentId: id,
    routes,
    ...(cors === undefined ? {} : { cors }),
    ...(disableExecuteApiEndpoint === undefined ? {} : { disableExecuteApiEndpoint }),
  };
}
