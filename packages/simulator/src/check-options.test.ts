import { expect, it } from "vitest";
import { checkOptions } from "./check-options.ts";

it.each([
  [{ clock: "wall" }, 'The option clock of createSimulator cannot be "wall".', 'Give "system", "virtual", or'],
  [{ clock: { scaled: 0 } }, 'The option clock of createSimulator cannot be {"scaled":0}.', "times faster"],
  [
    { isolation: "docker" },
    'The option isolation of createSimulator cannot be "docker".',
    'Give "process" or "inline".',
  ],
  [{ startAt: "tomorrow" }, 'The option startAt of createSimulator cannot be "tomorrow".', "Give a date"],
  [{ dataDirectory: "/x" }, "createSimulator has no option dataDirectory.", "Its options are template, resources,"],
])("%j is refused by name, with what may stand there", (options, what, next) => {
  const check = (): void => checkOptions(options as never);
  expect(check).toThrow(expect.objectContaining({ code: "SIM_OPTION_INVALID" }));
  expect(check).toThrow(what);
  expect(check).toThrow(next);
});

it("what has a meaning passes, and so does what is left open", () => {
  checkOptions({ clock: { scaled: 60 }, isolation: "inline", startAt: new Date(0), seed: "s", listen: false });
  checkOptions({ template: undefined as never });
});
