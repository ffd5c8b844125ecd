/**
 * Headers as HTTP can carry them, whatever a function or a mapping made of them: a text outside ASCII goes as its UTF-8 bytes, control
 * characters are left out, and so is a header whose name is no token. AWS does not say what becomes of these.
 */
export function toLegalHeaders(rawHeaders: string[]): string[] {
  if (rawHeaders.every((text, index) => (index % 2 === 0 ? token.test(text) : !beyondAscii.test(text))))
    return rawHeaders;
  const legal: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const value = rawHeaders[index + 1] ?? "";
    if (token.test(name)) legal.push(name, Buffer.from(value.replaceAll(controls, "")).toString("latin1"));
  }
  return legal;
}

const token = /^[\w!#$%&'*+.^`|~-]+$/;
const beyondAscii = /[^\t\x20-\x7e]/;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\0-\x08\n-\x1f\x7f]/g;
