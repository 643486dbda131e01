import { defineConfig } from "vitest/config";

/** The suites that install other runtimes and foreign projects, or drive a browser: `npm run test:runtimes`, `test:platforms`, `test:browser`. */
export default defineConfig({
  test: {
    include: ["test/{runtimes,platforms,browser}/**/*.suite.ts"],
    // One after the other: each starts processes of its own, and the last to end writes docs/platforms.md.
    fileParallelism: false,
    // Hang guards.
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
});
