import type { CallContext, Operation } from "@tripline/kernel";

/** An operation of which every member that is not refused is honoured. */
export function restOperation<Input>(
  name: string,
  honoured: readonly string[],
  run: (input: Input, context: CallContext) => Promise<object>,
  refused: Readonly<Record<string, string>> = {},
): Operation<Input, object> {
  return { name, honoured, refused, run };
}
