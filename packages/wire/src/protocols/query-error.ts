import type { ServiceError } from "@tripline/kernel";
import type { ServiceModel } from "../model/service-model.ts";

/** The header `x-amzn-query-error`: `AWS.SimpleQueueService.NonExistentQueue;Sender`. */
export function queryError(model: ServiceModel, error: ServiceError): string {
  return `${error.queryCode ?? model.queryCodes.get(error.code) ?? error.code};${error.fault}`;
}
