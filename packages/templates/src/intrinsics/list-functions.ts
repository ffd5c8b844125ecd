/** The functions that pick from lists and maps: Fn::Select, Fn::FindInMap, Fn::GetAZs, Fn::Length. */
import { invalid, unknownReference } from "../read/errors.ts";
import { listNode, textNode } from "../read/template-node.ts";
import { type Intrinsic, listArgument, listItem } from "./intrinsic.ts";

/** `!Select [index, list]`, counted from 0. */
export const select: Intrinsic = (call) => {
  const [index, list] = listArgument(call, 2, 2, "!Select [0, !Ref Names]").items;
  if (index === undefined || list === undefined) return undefined;
  const items = listItem(call, list);
  const number = Number(call.resolver.text(index, "The index of Fn::Select"));
  const item = Number.isInteger(number) ? items[number] : undefined;
  if (item === undefined) {
    throw invalid(
      call.node.place,
      `Fn::Select cannot pick index ${call.resolver.text(index, "The index")} of a list of ${items.length}.`,
      items.length === 0 ? "Give a list with items." : `Use an index from 0 to ${items.length - 1}.`,
    );
  }
  return item;
};

/** `!FindInMap [map, first key, second key]`, and a fourth `{ DefaultValue: … }`. */
export const findInMap: Intrinsic = (call) => {
  const { items } = listArgument(call, 3, 4, "!FindInMap [Map, !Ref AWS::Region, Key]");
  const [map = "", first = "", second = ""] = items
    .slice(0, 3)
    .map((item) => call.resolver.text(item, "A key of Fn::FindInMap"));
  const found = call.resolver.names.mapping(map, first, second, call.node.place);
  if (found !== undefined) return found;
  const fallback = items[3]?.kind === "map" ? items[3].entries.get("DefaultValue")?.value : undefined;
  if (fallback !== undefined) return call.resolver.resolve(fallback);
  throw unknownReference(
    call.node.place,
    `The mapping ${map} has no "${first}" with "${second}".`,
    first,
    [],
    "Add these keys to the mapping, or correct the names.",
  );
};

/** `!GetAZs region`: three zones. */
export const getAzs: Intrinsic = ({ argument, node, resolver }) => {
  const isEmpty = argument.kind === "scalar" && argument.text === "";
  const region = isEmpty ? "" : resolver.text(argument, "What Fn::GetAZs takes");
  const name = region === "" ? resolver.names.region : region;
  return listNode(
    ["a", "b", "c"].map((zone) => textNode(`${name}${zone}`, node.place)),
    node.place,
  );
};

/** `!Length list` */
export const length: Intrinsic = (call) => {
  const count = listItem(call, call.argument).length;
  return { kind: "scalar", value: count, text: String(count), place: call.node.place };
};
