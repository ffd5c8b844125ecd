/** Fn::If and the functions that conditions are made of. */
import { invalid } from "../read/errors.ts";
import { type Place, type ScalarNode, type TemplateNode, toPlain } from "../read/template-node.ts";
import { type Intrinsic, type IntrinsicCall, listArgument } from "./intrinsic.ts";

/** `!If [condition, then, else]` */
export const ifFunction: Intrinsic = (call) => {
  const [name, then, otherwise] = listArgument(call, 3, 3, "!If [Condition, valueIfTrue, valueIfFalse]").items;
  if (name?.kind !== "scalar" || then === undefined || otherwise === undefined) {
    throw invalid(call.node.place, "Fn::If begins with the name of a condition.", "Define it under Conditions.");
  }
  return call.resolver.resolve(call.resolver.conditions.holds(name.text, name.place) ? then : otherwise);
};

/** `!Equals [a, b]`: case counts, `true` equals `"true"`. */
export const equals: Intrinsic = (call) => {
  const [a, b] = listArgument(call, 2, 2, "!Equals [!Ref Stage, prod]").items.map((item) => comparable(call, item));
  return truth(a === b, call.node.place);
};

/** `!And [conditions]`, two to ten. */
export const and: Intrinsic = (call) => {
  const items = listArgument(call, 2, 10, "!And [!Condition A, !Condition B]").items;
  return truth(
    items.every((item) => call.resolver.conditions.evaluate(item)),
    call.node.place,
  );
};

/** `!Or [conditions]`, two to ten. */
export const or: Intrinsic = (call) => {
  const items = listArgument(call, 2, 10, "!Or [!Condition A, !Condition B]").items;
  return truth(
    items.some((item) => call.resolver.conditions.evaluate(item)),
    call.node.place,
  );
};

/** `!Not [condition]` */
export const not: Intrinsic = (call) => {
  const [item] = listArgument(call, 1, 1, "!Not [!Condition A]").items;
  return truth(item === undefined || !call.resolver.conditions.evaluate(item), call.node.place);
};

function truth(value: boolean, place: Place): ScalarNode {
  return { kind: "scalar", value, text: String(value), place };
}

function comparable(call: IntrinsicCall, node: TemplateNode): string {
  const value = call.resolver.resolveDeep(node);
  return value === undefined ? "" : value.kind === "scalar" ? value.text : JSON.stringify(toPlain(value));
}
