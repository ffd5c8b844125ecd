/** The first matching day at or after a midnight, both as local midnights. */
export type NextDay = (fromMidnightMs: number) => number | undefined;
