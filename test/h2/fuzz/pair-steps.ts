import fc from "fast-check";
import type { Step } from "./pair.js";

const side = fc.constantFrom(0 as const, 1 as const);
const stream = fc.nat({ max: 6 });
const size = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 6000 }), fc.nat({ max: 200_000 }));
const pieces = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })), {
  minLength: 1,
  maxLength: 6,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("open" as const), end: fc.boolean() }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      side,
      stream,
      size,
      how: fc.constantFrom("data" as const, "begin" as const, "begin" as const, "abandon" as const),
      end: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("carry" as const), side, sizes: pieces }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const), side, stream, size }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), side, stream }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trailers" as const), stream }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reset" as const), side, stream }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ping" as const), side }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("settings" as const), streams: fc.integer({ min: 1, max: 10 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("time" as const), ms: fc.nat({ max: 100 }) }) },
);

export const pairSteps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 1, maxLength: 40 });

export const pairOptions: fc.Arbitrary<{ initialWindowSize: number; maxFrameSize: number; maxOutputBytes: number }> =
  fc.record({
    initialWindowSize: fc.constantFrom(1000, 65_535, 65_535, 1_000_000),
    maxFrameSize: fc.constantFrom(16_384, 30_000, 262_144),
    maxOutputBytes: fc.constantFrom(5000, 262_144),
  });
