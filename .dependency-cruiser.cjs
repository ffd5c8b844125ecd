// The arrows of the house: see ARCHITECTURE.md. One rule a package, each naming what it may import.
const arrows = {
  kernel: [],
  storage: ["kernel"],
  wire: ["kernel"],
  telemetry: ["kernel"],
  identity: ["kernel"],
  execution: ["kernel"],
  sources: ["kernel", "telemetry"],
  dispatcher: ["kernel", "execution", "telemetry"],
  lambda: ["kernel", "execution", "telemetry"],
  gateway: ["kernel", "execution", "telemetry"],
  templates: ["kernel"],
  simulator: ["kernel", "storage", "wire", "telemetry", "identity", "execution", "sources", "dispatcher", "lambda", "gateway", "templates"],
  cli: ["kernel", "simulator"],
};

/** Tests may use real storage. */
const inTests = ["storage", "kernel"];

module.exports = {
  forbidden: [
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `arrows-of-${name}`,
      severity: "error",
      from: { path: `^packages/${name}/src/`, pathNot: "\\.test\\.ts$|/conformance/|/testing/" },
      to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
    })),
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `arrows-of-tests-of-${name}`,
      severity: "error",
      from: { path: `^packages/${name}/src/.*(\\.test\\.ts$|/conformance/|/testing/)` },
      to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed, ...inTests].join("|")})/` },
    })),
    { name: "no-cycles", comment: "Cycles of types alone are gone at run time.", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    {
      name: "no-deep-imports",
      comment: "A package is imported through its index (the kernel's adapters, and what tests share, have entries of their own).",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/[^/]+/src/", pathNot: "^packages/$1/|^packages/[^/]+/src/index\\.ts$|^packages/kernel/src/(adapters/real-time|adapters/checksums/checksum-algorithm|testing/call-operation)\\.ts$|^packages/storage/src/testing/open-test-database\\.ts$" },
    },
    {
      name: "no-deep-imports-between-folders-of-sources",
      comment: "A source is imported through its index.",
      severity: "error",
      from: { path: "^packages/sources/src/([^/]+)/" },
      to: { path: "^packages/sources/src/[^/]+/", pathNot: "^packages/sources/src/$1/|/index\\.ts$" },
    },
    {
      name: "kinds-of-api-do-not-know-each-other",
      comment: "What REST and HTTP APIs share stands beside their folders. (Function URLs speak as HTTP APIs do.)",
      severity: "error",
      from: { path: "^packages/gateway/src/(rest|http|function-url)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^packages/gateway/src/(rest|http)/", pathNot: "^packages/gateway/src/($1|http/(cors|event-v2|response-v2)\\.ts)" },
    },
    {
      name: "kernel-without-node",
      severity: "error",
      from: { path: "^packages/kernel/src/", pathNot: "\\.test\\.ts$|/adapters/" },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/(dist|generated)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["@tripline/source", "import", "types", "node", "default"], extensions: [".ts", ".js", ".mjs"] },
  },
};
