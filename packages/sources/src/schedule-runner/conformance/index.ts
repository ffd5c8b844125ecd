export { call, createTestBench, type TestBench, type TestBenchOptions, type TestPorts, textOf } from "./test-bench.ts";
