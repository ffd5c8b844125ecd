/** Paths of one expression must not lead into each other, nor go both by name and by position from the same place. */
import { type Path, showPath } from "./syntax.ts";

/** What is wrong with two of the paths; undefined: nothing. */
export function findOverlap(paths: readonly Path[]): string | undefined {
  for (const [at, one] of paths.entries()) {
    for (const two of paths.slice(0, at)) {
      const shared = Math.min(one.length, two.length);
      let same = 0;
      while (same < shared && one[same] === two[same]) same += 1;
      const told = `must remove or rewrite one of these paths; path one: ${showPath(two)}, path two: ${showPath(one)}`;
      if (same === shared) return `Two document paths overlap with each other; ${told}`;
      if (typeof one[same] !== typeof two[same]) return `Two document paths conflict with each other; ${told}`;
    }
  }
  return undefined;
}
