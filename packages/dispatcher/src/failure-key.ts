/** The key under which a bucket keeps the record of a failure: `<prefix>/2026/01/31/2026-01-31T09.05.00-<id>`. */
export function toFailureKey(prefix: string, nowMs: number, id: string): string {
  const time = new Date(nowMs).toISOString();
  const day = time.slice(0, 10).replaceAll("-", "/");
  return `${prefix}/${day}/${time.slice(0, 19).replaceAll(":", ".")}-${id}`;
}
