/** RedrivePolicy and RedriveAllowPolicy: which queue may be whose dead-letter queue. */
import { type Scope, toArn } from "@tripline/kernel";
import { invalidAttributeValue, invalidValue } from "./errors.ts";
import { maxReceiveCountMax } from "./limits.ts";
import type { QueueAttributes } from "./queue-attributes.ts";
import { parseJsonObject, parseRedrivePolicy } from "./queue-definition.ts";
import type { QueueRegistry } from "./queue-registry.ts";

const permissions: readonly unknown[] = ["allowAll", "denyAll", "byQueue"];
const sourceQueueArnsMax = 10;

/** Throws where the policies in `attributes` cannot be those of the queue `name`. */
export function checkRedrive(registry: QueueRegistry, name: string, scope: Scope, attributes: QueueAttributes): void {
  checkAllowPolicy(attributes["RedriveAllowPolicy"]);
  const text = attributes["RedrivePolicy"];
  if (text === undefined) return;
  const refuse = (reason: string): Error => invalidValue(text, "RedrivePolicy", reason);
  const policy = parseRedrivePolicy(text);
  if (policy === undefined) throw refuse("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
  const { maxReceiveCount, deadLetterTargetArn } = policy;
  if (parseJsonObject(text)?.["maxReceiveCount"] === undefined) {
    throw refuse("Redrive policy does not contain mandatory attribute: maxReceiveCount.");
  }
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > maxReceiveCountMax) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${maxReceiveCountMax} both inclusive.`,
    );
  }
  const target = registry.findByArn(deadLetterTargetArn);
  if (target === undefined) throw refuse("Dead letter target does not exist.");
  if (target.isFifo !== name.endsWith(".fifo")) {
    throw refuse("Dead-letter queue must be same type of queue as the source.");
  }
  if (!allows(target.definition.attributes["RedriveAllowPolicy"], toArn(scope, "sqs", name))) {
    throw refuse("The dead-letter queue's RedriveAllowPolicy does not allow this source queue.");
  }
}

function checkAllowPolicy(text: string | undefined): void {
  if (text === undefined) return;
  const policy = parseJsonObject(text);
  const permission = policy?.["redrivePermission"];
  if (!permissions.includes(permission)) throw invalidAttributeValue("RedriveAllowPolicy");
  const arns = policy?.["sourceQueueArns"];
  const isList = Array.isArray(arns) && arns.length > 0 && arns.length <= sourceQueueArnsMax;
  if (permission === "byQueue" ? !isList : arns !== undefined) throw invalidAttributeValue("RedriveAllowPolicy");
}

function allows(text: string | undefined, sourceArn: string): boolean {
  const policy = parseJsonObject(text);
  const permission = policy?.["redrivePermission"];
  if (permission === "denyAll") return false;
  const arns = policy?.["sourceQueueArns"];
  return permission !== "byQueue" || (Array.isArray(arns) && arns.includes(sourceArn));
}
