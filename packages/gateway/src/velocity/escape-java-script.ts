/** `$util.escapeJavaScript`: as Apache Commons Lang escapes, single quotes and slashes too. */
export function escapeJavaScript(text: string): string {
  return text.replaceAll(/['"\\/]|[^ -~]/g, (char) => {
    const known = names[char];
    return known ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

const names: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  "'": "\\'",
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
};
