import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    projects: [
      { extends: true, test: { name: "memory", include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"] } },
      {
        // Streams, and what reads them, once more with their records on a file.
        extends: true,
        test: {
          name: "file",
          include: [
            "packages/sources/src/{kinesis,dynamodb}/**/*.test.ts",
            "packages/dispatcher/src/**/*.test.ts",
            "test/{kinesis-clients,dynamodb-clients,mappings,streams,streams-guide}.test.ts",
          ],
          env: { TRIPLINE_TEST_STORAGE: "file" },
        },
      },
    ],
  },
});
export default config;
