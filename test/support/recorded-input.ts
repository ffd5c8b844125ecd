/** An input that tells which of its members are read. A spread, or a walk over its names, reads them all. */
export function recordedInput(input: Readonly<Record<string, unknown>>, onRead: (member: string) => void): object {
  return new Proxy(input, {
    get(target, name) {
      if (typeof name === "string") onRead(name);
      return Reflect.get(target, name) as unknown;
    },
    has(target, name) {
      if (typeof name === "string") onRead(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      if (typeof name === "string") onRead(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}
