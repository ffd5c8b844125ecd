import type { ServiceError } from "@tripline/kernel";
import { toJsonStructure } from "../codec/json-writer.ts";
import type { ServiceModel } from "../model/service-model.ts";

/** An error's members as JSON: the message under the name that the model gives it (`message` where it gives none). */
export function toErrorDocument(model: ServiceModel, error: ServiceError): Record<string, unknown> {
  const shape = model.errors.get(error.code);
  const messageName = shape !== undefined && shape.byName.has("Message") ? "Message" : "message";
  const members = shape === undefined ? { ...error.members } : toJsonStructure(shape, error.members);
  return { ...members, [messageName]: error.message };
}
