/** The layers that a function asks for, found. https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html */
import { type Scope, ServiceError } from "@tripline/kernel";
import { invalidParameter, notSimulated, validationException } from "../errors.ts";
import type { FunctionCode, FunctionLayer } from "../function-definition.ts";
import { limits } from "../limits.ts";
import type { LayerRegistry } from "./layer-registry.ts";
import { layerVersionArn } from "./layer-version.ts";

const arnPattern = String.raw`(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)`;

/** `arns` as the function keeps them. Throws what AWS would answer. */
export function toFunctionLayers(
  operation: string,
  arns: readonly string[],
  options: { layers: LayerRegistry; scope: Scope },
): FunctionLayer[] {
  if (!arns.every((arn) => new RegExp(`^(?:${arnPattern})$`).test(arn))) {
    throw validationException(
      `Value '[${arns.join(", ")}]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${arnPattern}, Member must not be null]`,
    );
  }
  if (arns.length > limits.layersMax) throw invalidParameter(`Cannot reference more than ${limits.layersMax} layers.`);
  const found: FunctionLayer[] = [];
  const byLayer = new Map<string, string>();
  for (const arn of arns) {
    const layer = findLayer(operation, arn, options);
    const layerArn = arn.slice(0, arn.lastIndexOf(":"));
    const before = byLayer.get(layerArn);
    if (before !== undefined) {
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${before} and ${arn} are versions of the same layer.`,
      );
    }
    byLayer.set(layerArn, arn);
    found.push(layer);
  }
  return found;
}

/** Throws where code and layers are too large together. */
export function checkUnpackedSize(code: FunctionCode, layers: readonly FunctionLayer[]): void {
  if (layers.length === 0 || code.kind === "folder") return;
  const bytes = layers.reduce((sum, layer) => sum + layer.unpackedBytes, code.unpackedBytes);
  if (bytes <= limits.unpackedCodeBytesMax) return;
  throw invalidParameter(
    `Function code combined with layers exceeds the maximum allowed size of ${limits.unpackedCodeBytesMax} bytes. The actual size is ${bytes} bytes.`,
  );
}

function findLayer(
  operation: string,
  arn: string,
  { layers, scope }: { layers: LayerRegistry; scope: Scope },
): FunctionLayer {
  const [, , , region, accountId, , name = "", version] = arn.split(":");
  if (region !== scope.region) {
    throw invalidParameter(
      `Layers are not in the same region as the function. Layers are expected to be in region ${scope.region}.`,
    );
  }
  if (accountId !== scope.accountId) throw ofAnotherAccount(operation, arn);
  const layer = layers.get(name, Number(version));
  if (layer === undefined) throw invalidParameter(`Layer version ${arn} does not exist.`);
  return { arn: layerVersionArn(layer), ...layer.content };
}

function ofAnotherAccount(operation: string, arn: string): ServiceError {
  return notSimulated(operation, "Layers", `${arn} is of another account: publish it here with PublishLayerVersion`);
}
