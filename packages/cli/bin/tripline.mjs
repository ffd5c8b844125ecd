#!/usr/bin/env node
import module from "node:module";

module.enableCompileCache?.(); // from Node.js 22.1 on, the second start compiles nothing
const { run } = await import("../dist/main.js");
process.exitCode = await run(process.argv.slice(2));
