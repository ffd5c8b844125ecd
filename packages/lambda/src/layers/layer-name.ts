import { matching } from "../members/constraints.ts";

const pattern = String.raw`(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+`;

/** The name of a layer that is told by name or ARN. */
export function parseLayerName(text: string): string {
  return matching("layerName", text, pattern).split(":").at(-1) ?? text;
}
