import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@vivarium/source", "node", "import", "default"] } },
  resolve: { conditions: ["@vivarium/source", "node", "import", "default"] },
  test: {
    // Much here is about processes and time; a busy machine may make one late. A mistake fails twice.
    retry: 1,
    include: ["packages/*/src/**/*.test.ts", "fixtures/project-matrix/runner/*.test.mjs"],
    // Worker threads and isolated-vm do not go together; a process a file does.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
