/**
 * The `statusCode` that a mock's request template renders, as text; empty where it has no template; undefined where it is no whole number.
 * AWS reads it leniently: names without quotes, commas at the end, and anything beside it will do.
 */
export function readMockStatus(rendered: string, hasTemplates: boolean): string | undefined {
  if (!hasTemplates) return "";
  return /["']?\bstatusCode["']?\s*:\s*(-?\d+)\s*(?=[,}\s]|$)/.exec(rendered)?.[1];
}
