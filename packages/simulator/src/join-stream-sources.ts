import type { StreamSources } from "@tripline/kernel";

/** The streams of several services as one. */
export function joinStreamSources(all: readonly StreamSources[]): StreamSources {
  return {
    async find(streamArn) {
      for (const one of all) {
        const source = await one.find(streamArn);
        if (source !== undefined) return source;
      }
      return undefined;
    },
    onCreated(run) {
      const cancels = all.map((one) => one.onCreated?.(run));
      return () => {
        for (const cancel of cancels) cancel?.();
      };
    },
  };
}
