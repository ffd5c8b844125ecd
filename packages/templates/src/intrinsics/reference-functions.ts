/** Ref and Fn::GetAtt. */
import { invalid } from "../read/errors.ts";
import { type TemplateNode, textNode } from "../read/template-node.ts";
import type { Intrinsic } from "./intrinsic.ts";

/** `!Ref name` */
export const ref: Intrinsic = ({ argument, node, resolver }) => {
  if (argument.kind !== "scalar") throw invalid(node.place, "Ref takes a name.", "Write it like !Ref Orders.");
  return resolver.names.ref(argument.text, node.place);
};

/** `!GetAtt logicalId.attribute`, or a list of both. */
export const getAtt: Intrinsic = ({ argument, node, resolver }) => {
  const { logicalId, attribute } = parseGetAtt(argument);
  const name = typeof attribute === "string" ? attribute : resolver.text(attribute, "The attribute of Fn::GetAtt");
  return textNode(resolver.names.attribute(logicalId, name, node.place), node.place);
};

/** The parts of a Fn::GetAtt argument; the attribute of the list form may be a function. */
export function parseGetAtt(argument: TemplateNode): { logicalId: string; attribute: string | TemplateNode } {
  if (argument.kind === "scalar") {
    const dot = argument.text.indexOf(".");
    if (dot > 0) return { logicalId: argument.text.slice(0, dot), attribute: argument.text.slice(dot + 1) };
  }
  if (argument.kind === "list" && argument.items.length === 2) {
    const [logicalId, attribute] = argument.items;
    if (logicalId?.kind === "scalar" && attribute !== undefined) {
      return { logicalId: logicalId.text, attribute: attribute.kind === "scalar" ? attribute.text : attribute };
    }
  }
  throw invalid(
    argument.place,
    "Fn::GetAtt takes a resource and an attribute.",
    "Write it like !GetAtt Orders.Arn, or [Orders, Arn].",
  );
}
