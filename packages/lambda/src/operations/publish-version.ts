import { createHash } from "node:crypto";
import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import { requireFunction, requireRevision, requireSettled } from "../function-access.ts";
import { type FunctionDefinition, toConfigurationText } from "../function-definition.ts";
import { codeFacts, toFunctionConfiguration } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { limits } from "../limits.ts";
import { atMost } from "../members/constraints.ts";

/** Input of PublishVersion. */
export interface PublishVersionInput {
  FunctionName: string;
  CodeSha256?: string;
  Description?: string;
  RevisionId?: string;
}

/**
 * Publishes `$LATEST`; where nothing has changed since the last version, that one is the answer.
 * A version of a function whose code is a local folder goes on reading that folder: only its configuration is fixed.
 * https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
 */
export function publishVersionOperation(house: LambdaHouse): Operation<PublishVersionInput> {
  return {
    name: "PublishVersion",
    honoured: ["FunctionName", "CodeSha256", "Description", "RevisionId"],
    refused: { PublishTo: "managed instances are not simulated" },
    async run(input, context) {
      const latest = requireFunction(house.registry, input.FunctionName);
      requireRevision(input.RevisionId, latest);
      requireSettled(latest);
      if (input.Description !== undefined) atMost("description", input.Description, limits.descriptionMax);
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== "") await checkCode(latest, input.CodeSha256);
      const version = await publishVersion(house, latest, input.Description);
      return context.upsert === true ? { Version: version.version } : toFunctionConfiguration(version);
    },
  };
}

/** Publishes `latest`, unless it is what was published last. */
export async function publishVersion(
  { registry }: LambdaHouse,
  latest: FunctionDefinition,
  description?: string,
): Promise<FunctionDefinition> {
  const { sha256 } = await codeFacts(latest.code);
  const publishedFrom = createHash("sha256").update(toConfigurationText(latest)).update(sha256).digest("base64");
  const last = registry.versions(latest.functionName).at(-1);
  if (last?.publishedFrom === publishedFrom) return last;
  return registry.publish(latest.functionName, {
    publishedFrom,
    ...(description === undefined ? {} : { description }),
  });
}

async function checkCode(latest: FunctionDefinition, given: string): Promise<void> {
  const { sha256 } = await codeFacts(latest.code);
  if (given === sha256) return;
  throw invalidParameter(
    `CodeSHA256 (${given}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
  );
}
