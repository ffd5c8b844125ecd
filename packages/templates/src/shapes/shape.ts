/**
 * What a property may hold, as data. A property table is the whole truth about a resource type: what is not in it is reported with
 * its line, and the documentation is made from it.
 *
 * S1. A value of the wrong kind is `SIM_TEMPLATE_INVALID` with its line and an example.
 * S2. A property that is not honoured is reported, never dropped in silence.
 * S3. A property that is not honoured is not computed: functions inside it may be ones that are refused.
 */
import type { Place, TemplateNode } from "../read/template-node.ts";
import type { Resolver } from "../intrinsics/resolver.ts";

/** Reads a node into a `T`. */
export interface Shape<T> {
  /** `a whole number`, for error texts. */
  readonly noun: string;
  /** What to write, for error texts: `30`. */
  readonly example: string;
  /** The tables of objects inside, for the documentation. */
  readonly properties?: PropertyTable;
  /** `node` has no function at its top. */
  read(node: TemplateNode, path: string, context: ReadContext): T;
}

/** What reading needs. */
export interface ReadContext {
  readonly logicalId: string;
  readonly type: string;
  readonly resolver: Resolver;
  unsupported(property: string, place: Place, reason: string): void;
  withoutLocalEffect(property: string, reason: string): void;
}

/** A property that is honoured. */
export interface HonouredProperty<T, Required extends boolean> {
  readonly treatment: "honoured";
  readonly shape: Shape<T>;
  readonly required: Required;
  /** Where the value holds a function that is refused: it is left out and listed as without local effect, with this reason. */
  readonly otherwise?: string;
}

/** A property that is accepted and changes nothing here. */
export interface IgnoredProperty {
  readonly treatment: "withoutLocalEffect";
  readonly reason: string;
}

/** A property that AWS has and Tripline does not simulate. */
export interface UnsupportedProperty {
  readonly treatment: "unsupported";
  readonly reason: string;
}

/** What is known of one property. */
export type Property = HonouredProperty<unknown, boolean> | IgnoredProperty | UnsupportedProperty;

/** Properties by name. */
export type PropertyTable = Readonly<Record<string, Property>>;

type RequiredKeys<P> = { [K in keyof P]: P[K] extends HonouredProperty<infer _T, true> ? K : never }[keyof P];
type OptionalKeys<P> = { [K in keyof P]: P[K] extends HonouredProperty<infer _T, false> ? K : never }[keyof P];
type ValueOf<P> = P extends HonouredProperty<infer T, boolean> ? T : never;

/** What an object of these properties reads as: the honoured ones. */
export type Properties<P> = { [K in RequiredKeys<P>]: ValueOf<P[K]> } & { [K in OptionalKeys<P>]?: ValueOf<P[K]> };

/** An honoured property that may be left out. */
export function optional<T>(shape: Shape<T>): HonouredProperty<T, false> {
  return { treatment: "honoured", shape, required: false };
}

/** An honoured property that must be there. */
export function required<T>(shape: Shape<T>): HonouredProperty<T, true> {
  return { treatment: "honoured", shape, required: true };
}

/** See {@link IgnoredProperty}. */
export function withoutEffect(reason: string): IgnoredProperty {
  return { treatment: "withoutLocalEffect", reason };
}

/** See {@link UnsupportedProperty}. */
export function unsupported(reason: string): UnsupportedProperty {
  return { treatment: "unsupported", reason };
}

/** The same treatment for several names. */
export function each<const K extends string, P extends Property>(names: readonly K[], property: P): Record<K, P> {
  return Object.fromEntries(names.map((name) => [name, property])) as Record<K, P>;
}

/** The table of an interface whose members are all optional. */
export type OptionalTable<T> = { readonly [K in keyof T]-?: HonouredProperty<T[K], false> };

/** `honoured` with the properties of `others`, which read as nothing. */
export function withOthers<P extends PropertyTable>(honoured: P, others: PropertyTable): P {
  return { ...others, ...honoured };
}
