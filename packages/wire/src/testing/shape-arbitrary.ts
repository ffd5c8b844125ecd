/** Random values of the model's shapes, for fast-check. */
import { NormalizedSchema } from "@smithy/core/schema";
import * as fc from "fast-check";
import type { HttpBinding, MemberShape, Shape, StructureShape } from "../model/shape.ts";

/** Structures deeper than this hold scalars only. */
const depthMax = 4;

/** What a value is carried in decides what it may hold. */
type Place = HttpBinding["in"] | "item";

/** Values of `shape` with every required member, and any of the others. */
export function arbitraryStructure(
  shape: StructureShape,
  isLeftOut: (member: MemberShape) => boolean = () => false,
  depth = 0,
): fc.Arbitrary<Record<string, unknown>> {
  const members = shape.members.filter((member) => !isLeftOut(member) && !isEventStream(member) && fits(member, depth));
  if (isUnion(shape)) {
    return fc.oneof(
      ...members.map((member) => arbitraryMember(member, depth).map((value) => ({ [member.name]: value }))),
    );
  }
  const entries = members.map((member): [string, fc.Arbitrary<unknown>] => [
    member.name,
    member.isRequired ||
    member.http.in === "label" ||
    member.http.in === "payload" ||
    member.http.in === "status" ||
    isToken(member)
      ? arbitraryMember(member, depth)
      : fc.option(arbitraryMember(member, depth), { nil: undefined, freq: 3 }),
  ]);
  const all = fc.record(Object.fromEntries(entries)).map(withoutUndefined);
  // The query protocol has no way to say that an item has no members.
  return depth === 0 || members.length === 0 ? all : all.filter((value) => Object.keys(value).length > 0);
}

/** Clients fill them in. */
function isToken(member: MemberShape): boolean {
  return NormalizedSchema.of(member.schema).isIdempotencyToken();
}

function arbitraryMember(member: MemberShape, depth: number): fc.Arbitrary<unknown> {
  if (member.http.in === "status") return fc.constant(200);
  if (member.http.in === "prefixHeaders") return fc.dictionary(headerName, headerText, { minKeys: 1, maxKeys: 2 });
  return arbitrary(member.shape, member.http.in, depth + 1);
}

function arbitrary(shape: Shape, place: Place, depth: number): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "string":
      return place === "header" || place === "label" ? headerText : text;
    case "number":
      return fc.integer({ min: 0, max: 1000 });
    case "boolean":
      return fc.boolean();
    case "blob":
      return fc.uint8Array({ minLength: 1, maxLength: 12 });
    case "timestamp":
      return fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }).map((seconds) => new Date(seconds * 1000));
    case "document":
      return fc.constant({ a: [1, "x", true] });
    case "list":
      return fc.array(arbitrary(shape.item, place === "header" ? "header" : "item", depth + 1), {
        minLength: 1,
        maxLength: 3,
      });
    case "map":
      return fc.dictionary(word, arbitrary(shape.value, "item", depth + 1), { minKeys: 1, maxKeys: 2 });
    case "structure":
      return arbitraryStructure(shape, undefined, depth);
  }
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const headerName = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
/** No commas: lists in headers are separated by them. */
const headerText = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}$/);
const text = fc.oneof(
  word,
  fc.constantFrom("a b", "é<&>\"'", "x=y&z+w", "q,r", "tab\tx", "😀", "%41", "a/b", '{"j":1}'),
  fc.string({ minLength: 1, maxLength: 12 }).map((one) => `s${one.replaceAll(/[^\x20-\x7e]/g, "")}e`),
);

function isEventStream(member: MemberShape): boolean {
  return member.isStreaming && member.shape.kind === "structure";
}

/** Shapes hold themselves: optional structures end somewhere. */
function fits(member: MemberShape, depth: number): boolean {
  const { kind } = member.shape;
  return depth < depthMax || member.isRequired || (kind !== "structure" && kind !== "list" && kind !== "map");
}

function isUnion(shape: StructureShape): boolean {
  return NormalizedSchema.of(shape.schema).isUnionSchema();
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
