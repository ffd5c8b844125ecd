import { invalidPattern } from "./pattern-reader.ts";

/** Whether an address lies in the network `cidr`: `10.0.0.0/24`, `2001:db8::/32`. */
export function compileCidr(cidr: string): (address: string) => boolean {
  const [network = "", mask = "", ...more] = cidr.split("/");
  if (more.length > 0 || !cidr.includes("/")) throw invalidPattern("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) throw invalidPattern("Malformed CIDR, mask bits must be an integer");
  const maskBits = Number(mask);
  if (maskBits < 0) throw invalidPattern("Malformed CIDR, mask bits must not be negative");
  const wanted = parseAddress(network);
  if (wanted === undefined) throw invalidPattern(`Nonstandard IP address: ${network}`);
  const width = wanted.isV6 ? 128 : 32;
  if (maskBits > width) {
    throw invalidPattern(`Malformed CIDR, ${wanted.isV6 ? "IPv6" : "IPv4"} mask bits must not be more than ${width}`);
  }
  const shift = BigInt(width - maskBits);
  const prefix = wanted.bits >> shift;
  return (address) => {
    const given = parseAddress(address);
    return given !== undefined && given.isV6 === wanted.isV6 && given.bits >> shift === prefix;
  };
}

interface Address {
  isV6: boolean;
  bits: bigint;
}

function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { isV6: false, bits: v4 };
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { isV6: true, bits: v6 };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const left = toGroups(head);
  const right = tail === undefined ? [] : toGroups(tail);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** Sixteen bits each; an IPv4 address at the end counts as two. */
function toGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
