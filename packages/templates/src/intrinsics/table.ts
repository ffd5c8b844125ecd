import type { Intrinsic } from "./intrinsic.ts";
import { cidr } from "./cidr.ts";
import { and, equals, ifFunction, not, or } from "./condition-functions.ts";
import { findInMap, getAzs, length, select } from "./list-functions.ts";
import { getAtt, ref } from "./reference-functions.ts";
import { base64, join, split, sub, toJsonString } from "./text-functions.ts";
import { transform } from "./transform.ts";

/** Every function that is computed, by its full name. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: ref,
  "Fn::GetAtt": getAtt,
  "Fn::Sub": sub,
  "Fn::Join": join,
  "Fn::Split": split,
  "Fn::Select": select,
  "Fn::FindInMap": findInMap,
  "Fn::Base64": base64,
  "Fn::Cidr": cidr,
  "Fn::GetAZs": getAzs,
  "Fn::Length": length,
  "Fn::ToJsonString": toJsonString,
  "Fn::Transform": transform,
  "Fn::If": ifFunction,
  "Fn::Equals": equals,
  "Fn::And": and,
  "Fn::Or": or,
  "Fn::Not": not,
};

/** Functions that are refused by name. */
export const refusedIntrinsics: Readonly<Record<string, { why: string; next: string }>> = {
  "Fn::ImportValue": {
    why: "one stack is simulated, so there is none to import from.",
    next: "Make the value a parameter, and give it with --parameter.",
  },
  "Fn::ForEach": { why: "loops are not expanded.", next: "Write the resources out." },
};
