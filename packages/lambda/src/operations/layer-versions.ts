/** Reads, lists and deletes layer versions. https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html */
import type { Operation } from "@tripline/kernel";
import { invalidParameter, resourceNotFound } from "../errors.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { parseLayerName } from "../layers/layer-name.ts";
import type { LayerVersion } from "../layers/layer-version.ts";
import { limits } from "../limits.ts";
import { matching, oneOf } from "../members/constraints.ts";
import { layerRuntimes } from "../members/runtime.ts";
import { type PageInput, toPage } from "../page.ts";
import { toLayerVersionItem, toLayerVersionOutput } from "./publish-layer-version.ts";

interface LayerVersionInput {
  LayerName: string;
  VersionNumber: number;
}

interface CompatibleInput extends PageInput {
  CompatibleRuntime?: string;
  CompatibleArchitecture?: string;
}

const arnPattern = String.raw`(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)`;

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html */
export function getLayerVersionOperation(house: LambdaHouse): Operation<LayerVersionInput> {
  return {
    name: "GetLayerVersion",
    honoured: ["LayerName", "VersionNumber"],
    async run(input, context) {
      const layer = house.layers.get(parseLayerName(input.LayerName), requireNumber(input.VersionNumber));
      return toLayerVersionOutput(house, layer ?? notFound(), context.endpoint);
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html */
export function getLayerVersionByArnOperation(house: LambdaHouse): Operation<{ Arn: string }> {
  return {
    name: "GetLayerVersionByArn",
    honoured: ["Arn"],
    async run(input, context) {
      const [name = "", version] = matching("arn", input.Arn, arnPattern).split(":").slice(6);
      return toLayerVersionOutput(house, house.layers.get(name, Number(version)) ?? notFound(), context.endpoint);
    },
  };
}

/** Each layer with its newest version that is compatible. https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html */
export function listLayersOperation({ layers }: LambdaHouse): Operation<CompatibleInput> {
  return {
    name: "ListLayers",
    honoured: ["CompatibleRuntime", "CompatibleArchitecture", "Marker", "MaxItems"],
    async run(input) {
      const isCompatible = toFilter(input);
      const all = layers.names().flatMap((name) => layers.versions(name).find(isCompatible) ?? []);
      const { page, next } = toPage(all, input, (one) => one.layerName, limits.pageMax);
      return {
        Layers: page.map((one) => ({
          LayerName: one.layerName,
          LayerArn: one.layerArn,
          LatestMatchingVersion: toLayerVersionItem(one),
        })),
        ...next,
      };
    },
  };
}

/** Newest first. https://docs.aws.amazon.com/lambda/latest/api/API_ListLayerVersions.html */
export function listLayerVersionsOperation({
  layers,
}: LambdaHouse): Operation<CompatibleInput & { LayerName: string }> {
  return {
    name: "ListLayerVersions",
    honoured: ["LayerName", "CompatibleRuntime", "CompatibleArchitecture", "Marker", "MaxItems"],
    async run(input) {
      const all = layers.versions(parseLayerName(input.LayerName)).filter(toFilter(input));
      const { page, next } = toPage(all, input, (one) => String(one.version), limits.pageMax);
      return { LayerVersions: page.map(toLayerVersionItem), ...next };
    },
  };
}

/** Functions that use it go on doing so. https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html */
export function deleteLayerVersionOperation(house: LambdaHouse): Operation<LayerVersionInput> {
  return {
    name: "DeleteLayerVersion",
    honoured: ["LayerName", "VersionNumber"],
    async run(input) {
      await house.layers.delete(parseLayerName(input.LayerName), requireNumber(input.VersionNumber));
      house.sweepCode();
      return {};
    },
  };
}

function requireNumber(version: number): number {
  if (version < 1) throw invalidParameter("Layer Version Cannot be less than 1");
  return version;
}

function notFound(): never {
  throw resourceNotFound("The resource you requested does not exist.");
}

/** A version that names no runtimes, or no architectures, is compatible with none in particular. */
function toFilter({
  CompatibleRuntime: runtime,
  CompatibleArchitecture: architecture,
}: CompatibleInput): (layer: LayerVersion) => boolean {
  if (runtime !== undefined) oneOf("compatibleRuntime", runtime, layerRuntimes);
  if (architecture !== undefined) oneOf("compatibleArchitecture", architecture, ["x86_64", "arm64"]);
  return (layer) =>
    (runtime === undefined || layer.compatibleRuntimes?.includes(runtime) === true) &&
    (architecture === undefined || layer.compatibleArchitectures?.includes(architecture) === true);
}
