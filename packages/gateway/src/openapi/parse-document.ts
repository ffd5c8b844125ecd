import { parse as parseYaml } from "yaml";
import type { Scope } from "@tripline/kernel";
import { isNode, type Node } from "./document-node.ts";

/** An OpenAPI document of JSON or YAML, AWS's variables filled in; undefined where it is none. https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html */
export function parseDocumentText(text: string, { accountId, region }: Scope): Node | undefined {
  const filled = text
    .replaceAll("${AWS::AccountId}", accountId)
    .replaceAll("${AWS::Region}", region)
    .replaceAll("${AWS::Partition}", "aws");
  let document: unknown;
  try {
    document = parseYaml(filled, { schema: "core", maxAliasCount: 1000 });
  } catch {
    return undefined;
  }
  return isNode(document) && isNode(document["info"]) ? document : undefined;
}
