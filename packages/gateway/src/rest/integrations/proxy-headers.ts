/** Headers that a proxied answer brings back under another name: they are the gateway's own. */
const remapped: ReadonlySet<string> = new Set(["connection", "content-length", "date", "server", "x-amzn-requestid"]);

/** The name under which a client sees a header of a proxied answer; undefined where it does not. */
export function toProxyHeaderName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === "transfer-encoding") return undefined;
  return remapped.has(lower) ? `x-amzn-Remapped-${name}` : name;
}
