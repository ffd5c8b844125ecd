import type { MethodSetting } from "../definition/rest-api.ts";
import { definitionOf, type RestExchange } from "./exchange.ts";

/** What the stage sets for the method: for itself, or for all; undefined where it sets nothing. */
export function methodSettingOf(exchange: RestExchange): MethodSetting | undefined {
  const { stage, resource } = exchange;
  const verb = definitionOf(exchange).httpMethod;
  const path = (resource?.path ?? "").replaceAll("/", "~1");
  // Paths are also set without their first slash: `test/GET`.
  return (
    stage.methodSettings[`${path}/${verb}`] ??
    stage.methodSettings[`${path.slice(2)}/${verb}`] ??
    stage.methodSettings["*/*"]
  );
}
