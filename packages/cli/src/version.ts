declare const TRIPLINE_VERSION: string | undefined;

/** Version of this package; `development` when run from its sources. */
export const version: string = typeof TRIPLINE_VERSION === "string" ? TRIPLINE_VERSION : "development";
