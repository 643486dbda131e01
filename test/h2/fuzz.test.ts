import { expect, test } from "vitest";
import { campaigns } from "./fuzz/campaign.js";

// Larger campaigns by hand: npm run fuzz:h2 -- --count N
test.each([
  ["server", 800],
  ["client", 800],
  ["pair", 400],
])("fuzz: %s", (name, count) => {
  expect(() => campaigns[name]?.(count, 20_261_126)).not.toThrow();
});
