/**
 * Every runtime identifier that Lambda knows or knew, and what runs it here.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */

/** What a runtime identifier stands for. */
export type RuntimeFamily = "nodejs" | "python" | "provided" | "java" | "dotnet" | "ruby" | "go";

/** A runtime identifier, taken apart. */
export interface RuntimeName {
  family: RuntimeFamily;
  /** `22`, `3.13`, `al2023`; empty for `provided`. */
  version: string;
}

const families: Readonly<Record<RuntimeFamily, readonly string[]>> = {
  nodejs: [
    "nodejs",
    "nodejs4.3",
    "nodejs6.10",
    "nodejs8.10",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs16.x",
    "nodejs18.x",
    "nodejs20.x",
    "nodejs22.x",
    "nodejs24.x",
  ],
  python: [
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "python3.9",
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
  ],
  provided: ["provided", "provided.al2", "provided.al2023"],
  java: ["java8", "java8.al2", "java11", "java17", "java21", "java25"],
  dotnet: ["dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet6", "dotnet8", "dotnet10"],
  ruby: ["ruby2.5", "ruby2.7", "ruby3.2", "ruby3.3", "ruby3.4"],
  go: ["go1.x"],
};

const names: ReadonlyMap<string, RuntimeName> = new Map(
  Object.entries(families).flatMap(([family, runtimes]) =>
    runtimes.map((runtime): [string, RuntimeName] => [
      runtime,
      { family: family as RuntimeFamily, version: runtime.replace(/^[a-z]+(?:core)?\.?/, "").replace(/\.x$/, "") },
    ]),
  ),
);

/** Takes `runtime` apart; undefined where AWS has no such runtime. */
export function parseRuntimeName(runtime: string): RuntimeName | undefined {
  return names.get(runtime);
}

/** All identifiers, as AWS's error text lists them. */
export function allRuntimeNames(): string[] {
  return [...names.keys()];
}
