import { defineConfig } from "vitest/config";
import base from "../../vitest.config.js";

// The tables that mutants of pure rules are tried on: no sockets, no clock but the test's.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    testTimeout: 5000,
    include: [
      "test/wire/**/*.test.ts",
      "test/core/**/*.test.ts",
      "test/channel/{outlier-detection,pick-first,ready-set,resolvers}.test.ts",
      "test/channel/service-config/*.test.ts",
      "test/channel/retry/{plans,rules}.test.ts",
      "test/h2/budgets.test.ts",
      "test/transport/addresses.test.ts",
      "test/transport/grpc-h2/policies.test.ts",
    ],
  },
});
