import type { Operation } from "@tripline/kernel";
import { archiveMembers, type CodeInput } from "../code/code-intake.ts";
import { functionExists, invalidParameter, notSimulated, validationException } from "../errors.ts";
import { activeState, type FunctionDefinition, toConfigurationText } from "../function-definition.ts";
import { requireRegion } from "../function-reference.ts";
import type { FunctionDraft } from "../function-registry.ts";
import { toFunctionConfiguration } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { checkUnpackedSize, toFunctionLayers } from "../layers/function-layers.ts";
import { limits } from "../limits.ts";
import {
  type Configuration,
  type ConfigurationInput,
  configurationMembers,
  refusedConfigurationMembers,
  toConfiguration,
} from "../members/configuration.ts";
import { toArchitecture } from "../members/architecture.ts";
import { checkRuntime } from "../members/runtime.ts";
import { checkTags } from "../members/tags.ts";
import { publishVersion } from "./publish-version.ts";

/** Input of CreateFunction, as far as it is honoured. */
export interface CreateFunctionInput extends ConfigurationInput {
  FunctionName: string;
  Code?: CodeInput;
  Architectures?: string[];
  PackageType?: string;
  Publish?: boolean;
  Tags?: Record<string, string>;
}

const name = "CreateFunction";

/**
 * Creates a function, which is Pending until the clock next runs. With `upsert` updates one of the same name, which is Active at once, and
 * publishes nothing. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function createFunctionOperation(house: LambdaHouse): Operation<CreateFunctionInput> {
  const { registry } = house;
  return {
    name,
    honoured: [
      "FunctionName",
      ...configurationMembers,
      ...archiveMembers.map((member) => `Code.${member}`),
      "Code.SourceKMSKeyArn",
      "Architectures",
      "PackageType",
      "Publish",
      "Tags",
    ],
    refused: {
      ...refusedConfigurationMembers,
      "Code.ImageUri": "container images are not simulated yet",
      "Code.S3ObjectStorageMode": "code is always copied",
      CodeSigningConfigArn: "code signing is not simulated",
      PublishTo: "managed instances are not simulated",
      TenancyConfig: "tenant isolation is not simulated",
    },
    async run(input, context) {
      const functionName = toFunctionName(input.FunctionName, house);
      const existing = registry.get(functionName);
      if (existing !== undefined && context.upsert !== true) throw functionExists(functionName);
      checkTags(input.Tags ?? {});
      if (context.upsert !== true) checkCreatable(house, input.Runtime);
      const draft = await toDraft(house, functionName, input, context.upsert === true);
      if (context.upsert === true) {
        const isSame = existing !== undefined && toConfigurationText(existing) === toConfigurationText(draft);
        const kept = isSame ? existing : await registry.save(draft, { tags: input.Tags ?? {} });
        if (isSame) await keepTags(house, existing, input.Tags ?? {});
        house.sweepCode();
        return { FunctionName: functionName, FunctionArn: kept.functionArn }; // nobody waits to read what a folder holds
      }
      const created = await registry.save(draft, { tags: input.Tags ?? {} });
      const version = input.Publish === true ? await publishVersion(house, created) : created;
      house.settling.begin(functionName);
      return { ...(await toFunctionConfiguration(created)), Version: version.version };
    },
  };
}

function checkCreatable({ execution }: LambdaHouse, runtime: string | undefined): void {
  if (runtime === undefined) return; // said below
  checkRuntime(runtime);
  const description = execution.describeRuntime(runtime);
  if (!description.supported) throw invalidParameter(description.reason);
}

async function toDraft(
  house: LambdaHouse,
  functionName: string,
  input: CreateFunctionInput,
  isTemplate: boolean,
): Promise<FunctionDraft> {
  if (input.PackageType === "Image") throw notSimulated(name, "PackageType", "container images are not simulated yet");
  const { Runtime: runtime } = input;
  if (runtime === undefined)
    throw invalidParameter("Runtime is mandatory for functions created with deployment packages.");
  if (input.Handler === undefined && !runtime.startsWith("provided"))
    throw invalidParameter("Handler is mandatory for functions created with deployment packages.");
  const configuration = toConfiguration(name, startFrom(house, functionName), input);
  const architecture = toArchitecture(input.Architectures) ?? "x86_64";
  const layers = toFunctionLayers(name, input.Layers ?? [], house);
  const code = await house.intake.code(input.Code ?? {}, runtime);
  if (code === undefined) throw invalidParameter("Please provide a source for function code.");
  checkUnpackedSize(code, layers);
  await house.store.merge(layers.map((layer) => layer.sha256));
  return {
    functionName,
    functionArn: house.registry.toArn(functionName),
    ...configuration,
    architecture,
    layers,
    code,
    ...(isTemplate ? activeState : { state: "Pending" }),
  };
}

/** What a function has that says nothing else. */
function startFrom({ scope }: LambdaHouse, functionName: string): Configuration {
  return {
    runtime: "",
    handler: "",
    role: `arn:aws:iam::${scope.accountId}:role/tripline`,
    description: "",
    memoryMegabytes: limits.memoryMegabytesDefault,
    timeoutSeconds: limits.timeoutSecondsDefault,
    ephemeralStorageMegabytes: limits.ephemeralStorageMegabytesDefault,
    logFormat: "Text",
    logGroup: `/aws/lambda/${functionName}`,
    tracingMode: "PassThrough",
  };
}

async function keepTags(
  { registry }: LambdaHouse,
  { functionName }: FunctionDefinition,
  tags: Record<string, string>,
): Promise<void> {
  const settings = registry.settings(functionName);
  if (JSON.stringify(settings.tags ?? {}) !== JSON.stringify(tags)) {
    await registry.saveSettings(functionName, { ...settings, tags });
  }
}

const namePattern = String.raw`(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`;
const nameBytesMax = 140;

/** The name of a new function, which may be told as an ARN. */
function toFunctionName(text: string, { scope }: LambdaHouse): string {
  const texts: string[] = [];
  const say = (constraint: string): void => {
    texts.push(`Value '${text}' at 'functionName' failed to satisfy constraint: ${constraint}`);
  };
  if (text.length > nameBytesMax) say(`Member must have length less than or equal to ${nameBytesMax}`);
  if (!new RegExp(`^${namePattern}$`).test(text)) say(`Member must satisfy regular expression pattern: ${namePattern}`);
  if (texts.length > 0) throw validationException(...texts);
  const reference = requireRegion(text, scope);
  if (reference.functionName.length > limits.functionNameMax) {
    throw invalidParameter(
      `1 validation error detected: Value '${reference.functionName}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${limits.functionNameMax}`,
    );
  }
  return reference.functionName;
}
