/** The functions that give a text: Fn::Sub, Fn::Join, Fn::Base64, Fn::ToJsonString; and Fn::Split, which takes one apart. */
import { invalid } from "../read/errors.ts";
import { listNode, type MapNode, type Place, type TemplateNode, textNode, toPlain } from "../read/template-node.ts";
import { type Intrinsic, listArgument, listItem } from "./intrinsic.ts";

/** `!Sub text`, or `!Sub [text, { Name: value }]`. `${!Name}` stays as `${Name}`. */
export const sub: Intrinsic = ({ argument, node, resolver }) => {
  const { template, variables } = parseSub(argument);
  const text = template.text.replace(subVariable, (_whole, name: string) => {
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    const key = name.trim();
    const own = variables?.entries.get(key)?.value;
    if (own !== undefined) return resolver.text(own, `The variable ${key} of Fn::Sub`);
    const dot = key.indexOf(".");
    if (dot > 0) return resolver.names.attribute(key.slice(0, dot), key.slice(dot + 1), template.place);
    const value = resolver.names.ref(key, template.place);
    if (value === undefined) return "";
    if (value.kind === "list") return value.items.map((item) => resolver.text(item, key)).join(",");
    return resolver.text(value, `\${${key}}`);
  });
  return textNode(text, node.place);
};

/** `${name}` in a Fn::Sub text; the name is the group. */
export const subVariable: RegExp = /\$\{([^}]*)\}/g;

/** The text of a Fn::Sub, and its own variables. */
export function parseSub(argument: TemplateNode): {
  template: { text: string; place: Place };
  variables: MapNode | undefined;
} {
  if (argument.kind === "scalar" && argument.value !== null) return { template: argument, variables: undefined };
  if (argument.kind === "list" && argument.items.length === 2) {
    const [template, variables] = argument.items;
    if (template?.kind === "scalar" && variables?.kind === "map") return { template, variables };
  }
  throw invalid(
    argument.place,
    "Fn::Sub takes a text, or a list of a text and a map.",
    'Write it like !Sub "${AWS::StackName}-orders", or [text, { Name: value }].',
  );
}

/** `!Join [delimiter, list]` */
export const join: Intrinsic = (call) => {
  const [delimiter, list] = listArgument(call, 2, 2, '!Join ["-", [a, b]]').items;
  if (delimiter?.kind !== "scalar" || list === undefined) {
    throw invalid(call.node.place, "Fn::Join begins with its delimiter.", 'Write it like !Join ["-", [a, b]].');
  }
  const texts = listItem(call, list).map((item) => call.resolver.text(item, "An item of Fn::Join"));
  return textNode(texts.join(delimiter.text), call.node.place);
};

/** `!Split [delimiter, text]` */
export const split: Intrinsic = (call) => {
  const [delimiter, source] = listArgument(call, 2, 2, '!Split [",", !Ref Names]').items;
  if (delimiter?.kind !== "scalar" || delimiter.text === "" || source === undefined) {
    throw invalid(call.node.place, "Fn::Split begins with its delimiter.", 'Write it like !Split [",", text].');
  }
  const { place } = call.node;
  const parts = call.resolver.text(source, "What Fn::Split takes apart").split(delimiter.text);
  return listNode(
    parts.map((part) => textNode(part, place)),
    place,
  );
};

/** `!Base64 text` */
export const base64: Intrinsic = ({ argument, node, resolver }) =>
  textNode(Buffer.from(resolver.text(argument, "What Fn::Base64 encodes"), "utf8").toString("base64"), node.place);

/** `!ToJsonString value` */
export const toJsonString: Intrinsic = ({ argument, node, resolver }) => {
  const value = resolver.resolveDeep(argument);
  if (value === undefined || value.kind === "scalar") {
    throw invalid(node.place, "Fn::ToJsonString takes a map or a list.", "Write the text itself.");
  }
  return textNode(JSON.stringify(toPlain(value)), node.place);
};
