/** What the official API models say of input beyond its types; see scripts/extract-constraints.py. */

/** Bounds are of a number's value, of a string's, list's, map's or blob's length. */
export interface ShapeConstraints {
  min?: number;
  max?: number;
  pattern?: string;
  enum?: readonly string[];
  /** A number with a decimal point: bounds and values are written so. */
  f?: 1;
  /** A structure's members, by shape. */
  m?: Readonly<Record<string, string>>;
  /** A list's items. */
  l?: string;
  /** A map's keys and values. */
  k?: string;
  v?: string;
}

/** Of one service. */
export interface ConstraintTable {
  /** Operation -> shape of its input. */
  inputs: Readonly<Record<string, string>>;
  shapes: Readonly<Record<string, ShapeConstraints>>;
}
