import fc from "fast-check";
import { block, frame, join, REQUEST, RESPONSE, TRAILERS, words } from "../support/frames.js";

const ids = fc.constantFrom(1, 1, 1, 3, 3, 5, 7, 2, 0, 2 ** 31 - 1);
const flags = fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 9, 12, 13, 32, 36, 37), fc.integer({ min: 0, max: 255 }));
const lists = fc.constantFrom(
  REQUEST,
  REQUEST,
  RESPONSE,
  TRAILERS,
  [...REQUEST, "content-length", "3"],
  [...REQUEST, "X", "y"],
  [...REQUEST, "x-long", "z".repeat(20_000)],
  [":status", "100"],
);
const u32 = fc.oneof(
  fc.constantFrom(0, 1, 16_384, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.nat({ max: 100_000 }),
);
const small = fc.uint8Array({ maxLength: 40 });
const large = fc.integer({ min: 0, max: 70_000 }).map((size) => new Uint8Array(size));

/** Frames that may be right, by themselves and where they stand. */
const plausible = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(ids, lists, fc.constantFrom(4, 5, 4, 5, 0, 1))
      .map(([id, list, f]) => frame(1, f, id, block(list))),
  },
  { weight: 4, arbitrary: fc.tuple(ids, small, fc.constantFrom(0, 1)).map(([id, bytes, f]) => frame(0, f, id, bytes)) },
  { weight: 1, arbitrary: fc.tuple(ids, large, fc.constantFrom(0, 1)).map(([id, bytes, f]) => frame(0, f, id, bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(ids, small, fc.nat({ max: 50 }))
      .map(([id, bytes, pad]) => frame(0, 8, id, join(new Uint8Array([pad]), bytes))),
  },
  { weight: 1, arbitrary: fc.tuple(ids, u32).map(([id, code]) => frame(3, 0, id, words(code))) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 99), u32), { maxLength: 4 })
      .map((pairs) => frame(4, 0, 0, join(...pairs.map(([id, value]) => join(new Uint8Array([0, id]), words(value)))))),
  },
  { weight: 1, arbitrary: fc.constant(frame(4, 1, 0)) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1).map((ack) => frame(6, ack, 0, new Uint8Array(8))) },
  {
    weight: 1,
    arbitrary: fc.tuple(u32, u32, small).map(([last, code, debug]) => frame(7, 0, 0, join(words(last, code), debug))),
  },
  { weight: 2, arbitrary: fc.tuple(ids, u32).map(([id, by]) => frame(8, 0, id, words(by))) },
  { weight: 1, arbitrary: fc.tuple(ids, small, fc.constantFrom(0, 4)).map(([id, bytes, f]) => frame(9, f, id, bytes)) },
  { weight: 1, arbitrary: fc.tuple(ids, small).map(([id, bytes]) => frame(2, 0, id, bytes)) },
);

/** Any frame at all. */
const wild = fc
  .tuple(fc.integer({ min: 0, max: 12 }), flags, ids, small)
  .map(([type, f, id, bytes]) => frame(type, f, id, bytes));

/** No frame at all. */
const noise = fc.uint8Array({ maxLength: 30 });

const one = fc.oneof(
  { weight: 30, arbitrary: plausible },
  { weight: 2, arbitrary: wild },
  { weight: 1, arbitrary: noise },
);

/** Open streams of all the ids that frames are likely to name. */
const opened = [1, 3, 5, 7].map((id) => frame(1, id === 3 ? 5 : 4, id, block(REQUEST)));

/** What a hostile or broken peer may say: from the start, or on streams that are open. */
export const sequences: fc.Arbitrary<Uint8Array[]> = fc.oneof(
  fc.array(one, { minLength: 1, maxLength: 25 }),
  fc.array(one, { minLength: 1, maxLength: 8 }).map((frames) => [...opened, ...frames]),
);

/** Sizes of the pieces that bytes come in. */
export const cuts: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 20_000 })),
  { minLength: 1, maxLength: 20 },
);
