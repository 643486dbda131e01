import { defineConfig } from "vitest/config";

/** The suites that install other runtimes and foreign projects: `npm run test:runtimes`, `npm run test:platforms`. */
export default defineConfig({
  test: {
    include: ["test/{runtimes,platforms}/**/*.suite.ts"],
    // One after the other: each starts processes of its own, and the last to end writes docs/platforms.md.
    fileParallelism: false,
    // Hang guards.
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
});
