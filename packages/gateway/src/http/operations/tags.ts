/** Tags of APIs and stages. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html */
import type { Operation } from "@tripline/kernel";
import { badRequest } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { HttpApi } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { stageOf } from "./stages.ts";

interface TagInput {
  ResourceArn: string;
  TagKeys: string[];
  Tags?: Record<string, string>;
}

type Tags = Readonly<Record<string, string>>;

/** TagResource, UntagResource, GetTags. */
export function createTagOperations(house: GatewayHouse): Operation[] {
  const change = async (arn: string, edit: (tags: Tags) => Tags): Promise<void> => {
    const { api, stageName } = find(house, arn);
    if (stageName === undefined) {
      await saveHttpApi(house, { ...api, tags: edit(api.tags) });
      return;
    }
    const stage = stageOf(api, stageName);
    await saveHttpApi(house, { ...api, stages: { ...api.stages, [stageName]: { ...stage, tags: edit(stage.tags) } } });
  };
  const tag: Operation<TagInput, object> = {
    name: "TagResource",
    honoured: ["ResourceArn", "Tags"],
    async run({ ResourceArn, Tags = {} }) {
      await change(ResourceArn, (tags) => ({ ...tags, ...Tags }));
      return {};
    },
  };
  const untag: Operation<TagInput, object> = {
    name: "UntagResource",
    honoured: ["ResourceArn", "TagKeys"],
    async run({ ResourceArn, TagKeys }) {
      const gone = new Set(TagKeys);
      await change(ResourceArn, (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))));
      return {};
    },
  };
  const get: Operation<TagInput, object> = {
    name: "GetTags",
    honoured: ["ResourceArn"],
    async run({ ResourceArn }) {
      const { api, stageName } = find(house, ResourceArn);
      return { Tags: stageName === undefined ? api.tags : stageOf(api, stageName).tags };
    },
  };
  return [tag, untag, get];
}

/** `arn:aws:apigateway:<region>::/apis/<id>[/stages/<name>]`. */
function find(house: GatewayHouse, arn: string): { api: HttpApi; stageName?: string } {
  const [, id, stageName] = /^arn:[^:]+:apigateway:[^:]*::\/apis\/([^/]+)(?:\/stages\/([^/]+))?$/.exec(arn) ?? [];
  if (id === undefined) throw badRequest(`Invalid resource ARN ${arn}`);
  return { api: httpApiOf(house, id), ...(stageName === undefined ? {} : { stageName }) };
}
