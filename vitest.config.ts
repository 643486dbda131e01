import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const runtime = fileURLToPath(new URL("src/runtime", import.meta.url));

export default defineConfig({
  // Tests run against the runtime's sources, as its package's exports name them.
  resolve: {
    alias: [
      { find: /^gen-stubs-runtime$/, replacement: `${runtime}/index.ts` },
      { find: /^gen-stubs-runtime\/([\w-]+)$/, replacement: `${runtime}/$1.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Most files wait for other processes and for timers more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    // Hang guards, wide enough for a busy machine; no test passes or fails by its speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
