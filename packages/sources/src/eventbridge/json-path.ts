/** The JSON paths that EventBridge takes: `$`, `.name`, `['name']` and `[0]`, no wildcards. */

/** The steps of a path; `undefined` where it is none. */
export function parseJsonPath(text: string): (string | number)[] | undefined {
  if (!text.startsWith("$")) return undefined;
  const steps: (string | number)[] = [];
  const step = /\.([A-Za-z0-9_-]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    const [, dotted, single, double, index] = match;
    steps.push(index === undefined ? (dotted ?? single ?? double ?? "") : Number(index));
  }
  return steps;
}

/** What `path` selects in `value`; `undefined` where there is nothing. */
export function selectJson(value: unknown, path: readonly (string | number)[]): unknown {
  let selected = value;
  for (const step of path) {
    if (typeof selected !== "object" || selected === null || !Object.hasOwn(selected, step)) return undefined;
    selected = (selected as Record<string | number, unknown>)[step];
  }
  return selected;
}
