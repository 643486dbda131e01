import { defineConfig } from "vitest/config";
import base from "../../vitest.config.js";

// The tables that mutants of pure rules are tried on: no sockets, and no clock but the test's, other than where deadlines themselves are tried.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    // The longest of them, on a machine that does other things too: a mutant that hangs is ended by Stryker.
    testTimeout: 30_000,
    include: [
      "test/wire/**/*.test.ts",
      "test/call/{client,server}/*.test.ts",
      "test/resume/{attempt-waits,delivery,status-actions,what-follows}.test.ts",
      "test/core/**/*.test.ts",
      "test/channel/{outlier-detection,pick-first,ready-set,resolvers}.test.ts",
      "test/channel/service-config/*.test.ts",
      "test/channel/retry/{plans,rules}.test.ts",
      "test/h2/{budgets,endings}.test.ts",
      "test/h2/{flow,frames,streams}/*.test.ts",
      "test/transport/addresses.test.ts",
      "test/transport/grpc-h2/{answers,connection-rules,connection-use,lost-stream,policies}.test.ts",
    ],
  },
});
