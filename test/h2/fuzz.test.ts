import { expect, test } from "vitest";
import { campaigns } from "./fuzz/campaign.js";
import { hostile } from "./fuzz/hostile.js";
import { frame, goaway, PADDED } from "./support/frames.js";

// Larger campaigns by hand: npm run fuzz:h2 -- --count N
test.each([
  ["server", 800],
  ["client", 800],
  ["pair", 400],
])("fuzz: %s", (name, count) => {
  expect(() => campaigns[name]?.(count, 20_261_126)).not.toThrow();
});

// What campaigns have found.
test("bad padding on a stream that was refused, while the connection goes away", () => {
  const frames = [goaway(1, 0), frame(0, PADDED, 1, Uint8Array.of(1))];
  expect(() => hostile("client", frames, [1])).not.toThrow();
});

test("a frame that is too large behind one that refuses the last stream, while the connection goes away", () => {
  const frames = [goaway(1, 0), frame(0, 0, 1), Uint8Array.of(5, 0, 0, 0, 4, 0, 0, 0, 0, 0)];
  expect(() => hostile("client", frames, [1])).not.toThrow();
});
