/** Whether one of `types` matches a content type, or the first type of an `Accept`; any type, and any subtype (`image/` and a star), may be asked for. A star before the slash alone matches nothing, as on AWS. */
export function matchesMediaType(types: readonly string[], contentType: string | undefined): boolean {
  if (types.length === 0 || contentType === undefined) return false;
  const type = contentType.split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
  return types.some((one) => {
    const wanted = one.toLowerCase();
    if (wanted.startsWith("*/")) return wanted === "*/*";
    return wanted === type || (wanted.endsWith("/*") && type.startsWith(wanted.slice(0, -1)));
  });
}
