import type { Operation } from "@tripline/kernel";
import { codeLocation } from "../code/code-downloads.ts";
import { type ArchiveInput, archiveMembers } from "../code/code-intake.ts";
import { invalidParameter, validationException } from "../errors.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { type LayerVersion, layerVersionArn } from "../layers/layer-version.ts";
import { parseLayerName } from "../layers/layer-name.ts";
import { limits } from "../limits.ts";
import { atMost } from "../members/constraints.ts";
import { creatableRuntimes } from "../members/runtime.ts";

/** Input of PublishLayerVersion. */
export interface PublishLayerVersionInput {
  LayerName: string;
  Content: ArchiveInput;
  Description?: string;
  LicenseInfo?: string;
  CompatibleRuntimes?: string[];
  CompatibleArchitectures?: string[];
}

/**
 * Publishes a layer under its next number. With `upsert` (a template that is applied again) the last version is the answer where it has
 * the same content and settings. https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
 */
export function publishLayerVersionOperation(house: LambdaHouse): Operation<PublishLayerVersionInput> {
  const { layers, clock } = house;
  return {
    name: "PublishLayerVersion",
    honoured: [
      "LayerName",
      ...archiveMembers.map((member) => `Content.${member}`),
      "Description",
      "LicenseInfo",
      "CompatibleRuntimes",
      "CompatibleArchitectures",
    ],
    refused: { "Content.S3ObjectStorageMode": "content is always copied" },
    async run(input, context) {
      const layerName = parseLayerName(input.LayerName);
      checkCompatible(input);
      const description = atMost("description", input.Description ?? "", limits.descriptionMax);
      const content = await house.intake.archive(input.Content);
      if (content === undefined) throw invalidParameter("Please provide a source for layer content.");
      const draft = {
        layerName,
        content,
        description,
        createdMs: clock.now(),
        ...(input.LicenseInfo === undefined ? {} : { licenseInfo: atMost("licenseInfo", input.LicenseInfo, 512) }),
        ...(input.CompatibleRuntimes === undefined ? {} : { compatibleRuntimes: input.CompatibleRuntimes }),
        ...(input.CompatibleArchitectures === undefined
          ? {}
          : { compatibleArchitectures: input.CompatibleArchitectures }),
      };
      const [last] = layers.versions(layerName);
      const isSame = context.upsert === true && last !== undefined && isLike(last, draft);
      const version = isSame ? last : await layers.publish(draft);
      return toLayerVersionOutput(house, version, context.endpoint);
    },
  };
}

/** A layer version as PublishLayerVersion and GetLayerVersion show it. */
export function toLayerVersionOutput(
  { clock }: LambdaHouse,
  layer: LayerVersion,
  endpoint: string,
): Record<string, unknown> {
  const { layerName, layerArn, version, content } = layer;
  return {
    Content: {
      Location: codeLocation(endpoint, clock, { kind: "layers", name: layerName, version: String(version) }),
      CodeSha256: content.sha256,
      CodeSize: content.sizeBytes,
    },
    LayerArn: layerArn,
    ...toLayerVersionItem(layer),
  };
}

/** A layer version as lists show it. */
export function toLayerVersionItem(layer: LayerVersion): Record<string, unknown> {
  return {
    LayerVersionArn: layerVersionArn(layer),
    Version: layer.version,
    Description: layer.description,
    CreatedDate: new Date(layer.createdMs).toISOString().replace("Z", "+0000"),
    ...(layer.licenseInfo === undefined ? {} : { LicenseInfo: layer.licenseInfo }),
    ...(layer.compatibleRuntimes === undefined ? {} : { CompatibleRuntimes: layer.compatibleRuntimes }),
    ...(layer.compatibleArchitectures === undefined ? {} : { CompatibleArchitectures: layer.compatibleArchitectures }),
  };
}

function isLike(last: LayerVersion, draft: Omit<LayerVersion, "version" | "layerArn">): boolean {
  const text = (one: Omit<LayerVersion, "version" | "layerArn">): string =>
    JSON.stringify([
      one.content.sha256,
      one.description,
      one.licenseInfo,
      one.compatibleRuntimes,
      one.compatibleArchitectures,
    ]);
  return text(last) === text(draft);
}

/** What functions could once be created with is taken too: a layer may be older than its runtime's end. */
const olderRuntimes = [
  "nodejs14.x",
  "nodejs12.x",
  "python3.7",
  "java8",
  "dotnetcore3.1",
  "go1.x",
  "ruby2.7",
  "provided",
];
const architectures = ["x86_64", "arm64"];

function checkCompatible({
  CompatibleRuntimes: runtimes = [],
  CompatibleArchitectures: given = [],
}: PublishLayerVersionInput): void {
  const texts: string[] = [];
  if (!runtimes.every((one) => creatableRuntimes.includes(one) || olderRuntimes.includes(one))) {
    texts.push(
      `Value '[${runtimes.join(", ")}]' at 'compatibleRuntimes' failed to satisfy constraint: Member must satisfy enum value set: [${creatableRuntimes.join(", ")}]`,
    );
  }
  if (!given.every((one) => architectures.includes(one))) {
    texts.push(
      `Value '[${given.join(", ")}]' at 'compatibleArchitectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [${architectures.join(", ")}], Member must not be null]`,
    );
  }
  if (texts.length > 0) throw validationException(...texts);
}
