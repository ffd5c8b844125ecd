import { invalid } from "../read/errors.ts";
import { listNode, textNode } from "../read/template-node.ts";
import { type Intrinsic, listArgument } from "./intrinsic.ts";

/** `!Cidr [block, count, cidrBits]` for IPv4; IPv6 blocks are refused. */
export const cidr: Intrinsic = (call) => {
  const example = '!Cidr ["10.0.0.0/16", 6, 8]';
  const [block = "", count = "", bits = "8"] = listArgument(call, 2, 3, example).items.map((item) =>
    call.resolver.text(item, "An item of Fn::Cidr"),
  );
  const { place } = call.node;
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (match === null) throw invalid(place, `Fn::Cidr does not take the block "${block}".`, `Write it like ${example}.`);
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const start = (((a * 256 + b) * 256 + c) * 256 + d) & (prefix === 0 ? 0 : -1 << (32 - prefix));
  const size = 2 ** Number(bits);
  if (!(Number(count) >= 1 && Number(count) <= 256) || !(size * Number(count) <= 2 ** (32 - prefix))) {
    throw invalid(
      place,
      `Fn::Cidr cannot make ${count} blocks of ${bits} bits out of ${block}.`,
      "Ask for fewer or smaller ones.",
    );
  }
  const blocks = Array.from({ length: Number(count) }, (_, index) => {
    const address = (start >>> 0) + index * size;
    const parts = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    return textNode(`${parts.join(".")}/${32 - Number(bits)}`, place);
  });
  return listNode(blocks, place);
};
