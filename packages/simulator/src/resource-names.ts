/** Wherever the library or the CLI takes a name, the logical id, the physical name and the ARN all work. */
import { parseArn, SimulatorError } from "@tripline/kernel";
import { type FunctionReference, parseFunctionReference } from "@tripline/lambda";
import type { TemplatePlan } from "@tripline/templates";

/** Finds physical names. Each method throws `SIM_UNKNOWN_RESOURCE`, with the nearest name there is. */
export interface ResourceNames {
  /** Without the qualifier that `text` may have. */
  functionName(text: string): string;
  /** With it: `orders:live`. */
  qualifiedFunctionName(text: string): string;
  bucket(text: string): string;
  queue(text: string): string;
}

/** What exists, asked anew each time. */
export interface ResourceNameOptions {
  plan: () => TemplatePlan | undefined;
  functions: () => string[];
  buckets: () => string[];
  queues: () => string[];
}

/** See {@link ResourceNames}. */
export function createResourceNames(options: ResourceNameOptions): ResourceNames {
  const find = (noun: string, text: string, name: string, existing: string[], types: readonly string[]): string => {
    if (existing.includes(name)) return name;
    const planned = options.plan()?.resources.filter((resource) => types.includes(resource.type)) ?? [];
    const resource = planned.find((one) => one.logicalId === text);
    if (resource !== undefined && existing.includes(resource.physicalId)) return resource.physicalId;
    throw unknownName(noun, text, [...existing, ...planned.map((one) => one.logicalId)]);
  };
  const findFunction = (text: string): string => {
    const { functionName } = toReference(text);
    return find("function", functionName, functionName, options.functions(), [
      "AWS::Serverless::Function",
      "AWS::Lambda::Function",
    ]);
  };
  return {
    functionName: findFunction,
    qualifiedFunctionName(text) {
      const { qualifier } = toReference(text);
      return qualifier === undefined ? findFunction(text) : `${findFunction(text)}:${qualifier}`;
    },
    bucket: (text) => find("bucket", text, lastPart(text), options.buckets(), ["AWS::S3::Bucket"]),
    queue: (text) => find("queue", text, lastPart(text), options.queues(), ["AWS::SQS::Queue"]),
  };
}

function toReference(text: string): FunctionReference {
  try {
    return parseFunctionReference(text);
  } catch {
    return { functionName: text }; // no reference: it will not be found by that text either
  }
}

/** The name at the end of an ARN or a queue URL; other texts as they are. */
function lastPart(text: string): string {
  const arn = parseArn(text);
  if (arn !== undefined) return arn.resource;
  return /^https?:\/\//.test(text) ? (text.split("/").at(-1) ?? text) : text;
}

/** `SIM_UNKNOWN_RESOURCE` for `text`, suggesting the nearest of `known`. */
export function unknownName(noun: string, text: string, known: readonly string[]): SimulatorError {
  const names = [...new Set(known)].sort();
  const nearest = suggest(text, names);
  return new SimulatorError("SIM_UNKNOWN_RESOURCE", {
    what: `There is no ${noun} "${text}".`,
    next:
      nearest !== undefined
        ? `Did you mean "${nearest}"?`
        : names.length === 0
          ? `This application has no ${noun}s.`
          : `There are: ${names.join(", ")}.`,
  });
}

/** The one of `known` that `text` most likely meant: at most a third of its letters differ. */
export function suggest(text: string, known: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(text.toLowerCase(), name.toLowerCase());
    if (
      distance <= Math.max(1, Math.floor(Math.max(text.length, name.length) / 3)) &&
      distance < (best?.distance ?? Infinity)
    ) {
      best = { name, distance };
    }
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
