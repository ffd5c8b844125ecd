import { singleEntryNode, type TemplateNode } from "./template-node.ts";

const names: Readonly<Record<string, string>> = {
  "!Ref": "Ref",
  "!Condition": "Condition",
  ...Object.fromEntries(
    [
      "And",
      "Base64",
      "Cidr",
      "Equals",
      "FindInMap",
      "ForEach",
      "GetAZs",
      "GetAtt",
      "If",
      "ImportValue",
      "Join",
      "Length",
      "Not",
      "Or",
      "Select",
      "Split",
      "Sub",
      "ToJsonString",
      "Transform",
    ].map((name) => [`!${name}`, `Fn::${name}`]),
  ),
};

/** Every short tag of CloudFormation. */
export const shortTags: readonly string[] = Object.keys(names);

/** `!Sub x` as `{ "Fn::Sub": x }`; `undefined` where the tag is none of CloudFormation's. */
export function writeOutShortTag(tag: string, value: TemplateNode): TemplateNode | undefined {
  const name = names[tag];
  return name === undefined ? undefined : singleEntryNode(name, value, value.place);
}
