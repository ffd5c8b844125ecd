/**
 * The `Parameters` section with the values that the user gave.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 * All parameters without a value are named in one error. Types of EC2 and Route 53 resources are taken as texts.
 */
import { suggest } from "@tripline/kernel";
import { invalid, parameterError } from "../read/errors.ts";
import { listNode, type MapNode, type Place, type TemplateNode, textNode, valueOf } from "../read/template-node.ts";
import { asMap } from "./sections.ts";

interface Parameter {
  name: string;
  type: string;
  place: Place;
  properties: MapNode;
}

const knownProperties = [
  "AllowedPattern",
  "AllowedValues",
  "ConstraintDescription",
  "Default",
  "Description",
  "MaxLength",
  "MaxValue",
  "MinLength",
  "MinValue",
  "NoEcho",
  "Type",
];

/** The value of every parameter. Throws `SIM_TEMPLATE_PARAMETER`. */
export function readParameters(
  section: MapNode | undefined,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, TemplateNode> {
  const parameters = Array.from(section?.entries ?? [], ([name, entry]) => toParameter(name, entry));
  refuseUnknown(parameters, given);
  const missing = parameters.filter(
    ({ name, properties }) => given[name] === undefined && !properties.entries.has("Default"),
  );
  const [first] = missing;
  if (first !== undefined) {
    const names = missing.map(({ name }) => name);
    throw parameterError(
      first.place,
      `${names.join(", ")} ${names.length === 1 ? "has" : "have"} no value and no Default.`,
      `Start with ${names.map((name) => `--parameter ${name}=…`).join(" ")}, or add a Default.`,
    );
  }
  return new Map(parameters.map((parameter) => [parameter.name, valueFor(parameter, given[parameter.name])]));
}

function toParameter(name: string, entry: { place: Place; value: TemplateNode }): Parameter {
  const properties = asMap(entry.value, `Parameter ${name}`);
  for (const [key, { place }] of properties.entries) {
    if (knownProperties.includes(key)) continue;
    const nearest = suggest(key, knownProperties);
    throw invalid(
      place,
      `Parameter ${name} cannot have ${key}.`,
      nearest === undefined ? `It can have ${knownProperties.join(", ")}.` : `Did you mean ${nearest}?`,
    );
  }
  const type = valueOf(properties, "Type");
  if (type?.kind !== "scalar" || type.value === null) {
    throw invalid(entry.place, `Parameter ${name} has no Type.`, "Add Type: String, Number or CommaDelimitedList.");
  }
  if (type.text.startsWith("AWS::SSM::Parameter")) {
    throw parameterError(
      type.place,
      `The value of ${name} is read from Systems Manager, which is not simulated.`,
      `Make its Type String, and give the value with a Default or --parameter ${name}=….`,
    );
  }
  if (!/^(String|Number|CommaDelimitedList|List<(Number|String|AWS::[\w:]+)>|AWS::[\w:]+)$/.test(type.text)) {
    throw invalid(
      type.place,
      `Parameter ${name} has the Type ${type.text}, which there is not.`,
      "Use String, Number, List<Number> or CommaDelimitedList.",
    );
  }
  return { name, type: type.text, place: entry.place, properties };
}

function refuseUnknown(parameters: readonly Parameter[], given: Readonly<Record<string, string>>): void {
  const names = parameters.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const nearest = suggest(name, names);
    throw parameterError(
      undefined,
      `The template has no parameter "${name}".`,
      nearest !== undefined
        ? `Did you mean "${nearest}"?`
        : names.length === 0
          ? "It has no parameters at all."
          : `It has: ${names.join(", ")}.`,
    );
  }
}

function valueFor(parameter: Parameter, given: string | undefined): TemplateNode {
  const { type, place, properties } = parameter;
  const fallback = valueOf(properties, "Default");
  const text = given ?? (fallback?.kind === "scalar" ? fallback.text : undefined);
  if (text === undefined) {
    throw invalid(
      fallback?.place ?? place,
      `The Default of ${parameter.name} must be a text.`,
      "Write it as one text.",
    );
  }
  if (type === "CommaDelimitedList" || type.startsWith("List<")) {
    const items = text === "" ? [] : text.split(",").map((item) => item.trim());
    for (const item of items) check(parameter, item, type === "List<Number>");
    return listNode(
      items.map((item) => textNode(item, place)),
      place,
    );
  }
  check(parameter, text, type === "Number");
  return type === "Number" ? { kind: "scalar", value: Number(text), text, place } : textNode(text, place);
}

function check(parameter: Parameter, text: string, isNumber: boolean): void {
  const { name, place, properties } = parameter;
  const rule = (key: string): string | undefined => {
    const node = valueOf(properties, key);
    return node?.kind === "scalar" ? node.text : undefined;
  };
  const refuse = (what: string): Error =>
    parameterError(
      place,
      `${name} is "${text}", ${what}.`,
      rule("ConstraintDescription") ?? `Give another value: --parameter ${name}=….`,
    );
  if (isNumber && (text.trim() === "" || Number.isNaN(Number(text)))) throw refuse("which is no number");
  const allowed = valueOf(properties, "AllowedValues");
  if (allowed?.kind === "list") {
    const values = allowed.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : []));
    if (!values.includes(text)) throw refuse(`which is none of ${values.join(", ")}`);
  }
  const pattern = rule("AllowedPattern");
  if (pattern !== undefined && !toPattern(pattern, parameter).test(text))
    throw refuse(`which does not match ${pattern}`);
  const bounds = [
    ["MinLength", text.length, -1, "shorter than"],
    ["MaxLength", text.length, 1, "longer than"],
    ["MinValue", Number(text), -1, "less than"],
    ["MaxValue", Number(text), 1, "more than"],
  ] as const;
  for (const [key, value, direction, words] of bounds) {
    const bound = rule(key);
    if (bound !== undefined && Math.sign(value - Number(bound)) === direction)
      throw refuse(`${words} its ${key} ${bound}`);
  }
}

/** AllowedPattern matches the whole value. */
function toPattern(pattern: string, { name, place }: Parameter): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    // Java's dialect escapes more than the u flag allows
  }
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw invalid(
      place,
      `The AllowedPattern of ${name} is no regular expression: ${error instanceof Error ? error.message : String(error)}.`,
      "Correct the pattern.",
    );
  }
}
