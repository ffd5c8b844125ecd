/**
 * Properties and methods of Java's strings, numbers, lists and maps, as templates call them.
 *
 * M1. What a value does not have is null, and so is what a method cannot do: Velocity prints the reference then.
 * M2. A property `x` is a map's key, `getX()`, or `isX()`.
 * M3. Patterns of `replaceAll`, `matches` and `split` are Java's, translated where JavaScript spells them differently.
 */
import {
  equalsJava,
  isHost,
  isNothing,
  JavaDouble,
  JavaEntry,
  JavaList,
  type JavaValue,
  missing,
  printJava,
  toNumber,
} from "./java-value.ts";

type Args = readonly JavaValue[];

/** `$value.name` */
export function propertyOfJava(value: JavaValue, name: string): JavaValue {
  if (isHost(value)) return value.get(name);
  if (value instanceof Map) return value.get(name) ?? (name === "empty" && !value.has("empty") ? null : null);
  if (value instanceof JavaEntry)
    return name === "key" ? value.key : name === "value" ? (value.map.get(value.key) ?? null) : null;
  if (name === "empty" && (value instanceof JavaList || typeof value === "string"))
    return callJavaMethod(value, "isEmpty", []);
  if (name === "bytes" && typeof value === "string") return callJavaMethod(value, "getBytes", []);
  if (name === "class") return toClass(value);
  return null;
}

/** `$value[index]` */
export function indexJava(value: JavaValue, index: JavaValue): JavaValue {
  if (value instanceof Map || isHost(value)) return propertyOfJava(value, printJava(index));
  const at = toNumber(index);
  if (!(value instanceof JavaList) || at === undefined) return null;
  return value.items[at < 0 ? value.items.length + at : at] ?? null;
}

/** `#set($value.name = …)`, `#set($value[0] = …)` */
export function setJava(owner: JavaValue, key: JavaValue, value: JavaValue): void {
  if (isHost(owner)) owner.set?.(printJava(key), value);
  else if (owner instanceof Map) owner.set(printJava(key), value);
  else if (owner instanceof JavaList) {
    const at = toNumber(key);
    if (at !== undefined && at >= 0 && at < owner.items.length) owner.items[at] = value;
  }
}

/** `$value.name(args)` */
export function callJavaMethod(value: JavaValue, name: string, args: Args): JavaValue {
  if (isHost(value)) return value.call(name, args) ?? null;
  if (name === "toString" && args.length === 0) return printJava(value);
  if (name === "equals" && args.length === 1) return equalsJava(value, args[0] ?? null);
  if (name === "hashCode" && typeof value === "string") return hashCode(value);
  if (name === "getClass") return toClass(value);
  if (typeof value === "string") return ofString(value, name, args);
  if (value instanceof JavaList) return ofList(value, name, args);
  if (value instanceof Map) return ofMap(value, name, args);
  if (value instanceof JavaEntry)
    return name === "getKey" ? value.key : name === "getValue" ? propertyOfJava(value, "value") : null;
  const number = toNumber(value);
  return number === undefined ? null : ofNumber(number, name, args);
}

function text(args: Args, index: number): string {
  return printJava(args[index] ?? null);
}

function ofString(value: string, name: string, args: Args): JavaValue {
  const first = (): string => text(args, 0);
  const number = (index: number): number => toNumber(args[index] ?? null) ?? 0;
  switch (`${name}/${args.length}`) {
    case "length/0":
      return value.length;
    case "isEmpty/0":
      return value === "";
    case "isBlank/0":
      return value.trim() === "";
    case "trim/0":
    case "strip/0":
      return value.trim();
    case "toUpperCase/0":
      return value.toUpperCase();
    case "toLowerCase/0":
      return value.toLowerCase();
    case "intern/0":
      return value;
    case "charAt/1":
      return value.charAt(number(0)) || null;
    case "concat/1":
      return value + first();
    case "contains/1":
      return value.includes(first());
    case "startsWith/1":
      return value.startsWith(first());
    case "startsWith/2":
      return value.startsWith(first(), number(1));
    case "endsWith/1":
      return value.endsWith(first());
    case "equalsIgnoreCase/1":
      return value.toLowerCase() === first().toLowerCase();
    case "compareTo/1":
      return value === first() ? 0 : value < first() ? -1 : 1;
    case "indexOf/1":
      return value.indexOf(first());
    case "indexOf/2":
      return value.indexOf(first(), number(1));
    case "lastIndexOf/1":
      return value.lastIndexOf(first());
    case "repeat/1":
      return value.repeat(Math.max(0, number(0)));
    case "substring/1":
      return number(0) <= value.length && number(0) >= 0 ? value.slice(number(0)) : null;
    case "substring/2":
      return number(0) >= 0 && number(0) <= number(1) && number(1) <= value.length
        ? value.slice(number(0), number(1))
        : null;
    case "replace/2":
      return value.replaceAll(first(), () => text(args, 1));
    case "replaceAll/2":
      return byPattern(first(), "gu", (pattern) => value.replace(pattern, toReplacement(text(args, 1))));
    case "replaceFirst/2":
      return byPattern(first(), "u", (pattern) => value.replace(pattern, toReplacement(text(args, 1))));
    case "matches/1":
      return byPattern(`^(?:${first()})$`, "u", (pattern) => pattern.test(value));
    case "split/1":
    case "split/2":
      return byPattern(first(), "u", (pattern) => toList(split(value, pattern, args.length === 2 ? number(1) : 0)));
    case "toCharArray/0":
      return toList(value.split(""));
    case "getBytes/0":
      return new JavaList([...Buffer.from(value)]);
    default:
      return null;
  }
}

/** Java drops empty texts at the end, unless a limit says otherwise. */
function split(value: string, pattern: RegExp, limit: number): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of value.matchAll(new RegExp(pattern, "gu"))) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === "" && (match.index === 0 || match.index === value.length)) continue;
    parts.push(value.slice(from, match.index));
    from = match.index + match[0].length;
  }
  parts.push(value.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}

/** M3; null for a pattern that is none (M1). */
function byPattern(source: string, flags: string, run: (pattern: RegExp) => JavaValue): JavaValue {
  for (const mode of [flags, flags.replace("u", "")]) {
    try {
      return run(
        new RegExp(
          source
            .replaceAll("\\Q", "")
            .replaceAll("\\E", "")
            .replaceAll(/\(\?<(\w+)>/g, "(?<$1>"),
          mode,
        ),
      );
    } catch {
      continue; // as Java takes more escapes than the u flag does
    }
  }
  return null;
}

/** Java's `\$` and `\\` in a replacement. */
function toReplacement(replacement: string): string {
  return replacement.replaceAll(/\\(.)|\$(?=\D|$)/gs, (whole, char: string | undefined) =>
    char === undefined ? "$$" : char === "$" ? "$$" : whole === "\\" ? "\\" : char,
  );
}

function ofList(list: JavaList, name: string, args: Args): JavaValue {
  const { items } = list;
  const first = args[0] ?? null;
  const at = toNumber(first) ?? -1;
  const indexOf = (value: JavaValue): number => items.findIndex((one) => equalsJava(one, value));
  switch (`${name}/${args.length}`) {
    case "size/0":
      return items.length;
    case "isEmpty/0":
      return items.length === 0;
    case "get/1":
      return items[at] ?? null;
    case "contains/1":
      return indexOf(first) >= 0;
    case "indexOf/1":
      return indexOf(first);
    case "add/1":
      items.push(first);
      return true;
    case "add/2":
      items.splice(at, 0, args[1] ?? null);
      return missing;
    case "addAll/1":
      if (first instanceof JavaList) items.push(...first.items);
      return first instanceof JavaList;
    case "set/2": {
      const before = items[at] ?? null;
      if (at >= 0 && at < items.length) items[at] = args[1] ?? null;
      return before;
    }
    case "remove/1": {
      const index = typeof first === "number" ? first : indexOf(first);
      const [gone = null] = index >= 0 ? items.splice(index, 1) : [];
      return typeof first === "number" ? gone : index >= 0;
    }
    case "clear/0":
      items.length = 0;
      return missing;
    case "subList/2":
      return new JavaList(items.slice(at, toNumber(args[1] ?? null) ?? 0), list.isJson);
    case "iterator/0":
    case "toArray/0":
      return new JavaList([...items]);
    default:
      return null;
  }
}

function ofMap(map: Map<string, JavaValue>, name: string, args: Args): JavaValue {
  const key = text(args, 0);
  switch (`${name}/${args.length}`) {
    case "size/0":
      return map.size;
    case "isEmpty/0":
      return map.size === 0;
    case "get/1":
      return map.get(key) ?? null;
    case "getOrDefault/2":
      return map.has(key) ? (map.get(key) ?? null) : (args[1] ?? null);
    case "containsKey/1":
      return map.has(key);
    case "containsValue/1":
      return [...map.values()].some((one) => equalsJava(one, args[0] ?? null));
    case "keySet/0":
      return toList([...map.keys()]);
    case "values/0":
      return new JavaList([...map.values()]);
    case "entrySet/0":
      return new JavaList(Array.from(map.keys(), (one) => new JavaEntry(map, one)));
    case "put/2": {
      const before = map.get(key) ?? null;
      map.set(key, args[1] ?? null);
      return before;
    }
    case "putAll/1":
      if (args[0] instanceof Map) for (const [one, value] of args[0]) map.set(one, value);
      return missing;
    case "remove/1": {
      const before = map.get(key) ?? null;
      map.delete(key);
      return before;
    }
    case "clear/0":
      map.clear();
      return missing;
    default:
      return null;
  }
}

function ofNumber(value: number, name: string, args: Args): JavaValue {
  switch (`${name}/${args.length}`) {
    case "intValue/0":
    case "longValue/0":
      return Math.trunc(value);
    case "doubleValue/0":
    case "floatValue/0":
      return new JavaDouble(value);
    case "compareTo/1":
      return Math.sign(value - (toNumber(args[0] ?? null) ?? 0));
    // Templates parse numbers with a method of one that they have.
    case "parseInt/1":
    case "parseLong/1":
    case "valueOf/1":
      return /^[+-]?\d+$/.test(text(args, 0)) ? Number(text(args, 0)) : null;
    default:
      return null;
  }
}

function toList(items: string[]): JavaList {
  return new JavaList(items);
}

function hashCode(value: string): number {
  let hash = 0;
  for (let index = 0; index < value.length; index++) hash = (Math.imul(hash, 31) + value.charCodeAt(index)) | 0;
  return hash;
}

/** `$x.class.name`, `$x.getClass().getSimpleName()` */
function toClass(value: JavaValue): JavaValue {
  if (isNothing(value)) return null;
  const name =
    typeof value === "string"
      ? "java.lang.String"
      : typeof value === "boolean"
        ? "java.lang.Boolean"
        : typeof value === "number"
          ? "java.lang.Integer"
          : typeof value === "bigint"
            ? "java.lang.Long"
            : value instanceof JavaDouble
              ? "java.lang.Double"
              : value instanceof JavaList
                ? value.isJson
                  ? "net.minidev.json.JSONArray"
                  : "java.util.ArrayList"
                : "java.util.LinkedHashMap";
  return new Map<string, JavaValue>([
    ["name", name],
    ["simpleName", name.split(".").at(-1) ?? name],
  ]);
}
