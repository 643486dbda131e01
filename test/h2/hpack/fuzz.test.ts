import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HpackDecoder, HpackEncoder, HpackError, isSensitive } from "../../../src/runtime/h2/hpack/index.js";
import { headerList, tableSize } from "./arbitraries.js";
import { ReferenceDecoder } from "./reference-decoder.js";
import { encodeAll } from "./support.js";

const numRuns = Number(process.env["HPACK_FUZZ_RUNS"] ?? 400);

/** What happens on a connection: a block, or the peer's SETTINGS. */
const step = fc.oneof({ arbitrary: headerList, weight: 4 }, { arbitrary: tableSize, weight: 1 });

describe("a pair of our own", () => {
  test("never differs, whatever sizes the peer announces and whatever is sent", () => {
    const property = fc.property(tableSize, fc.array(step, { maxLength: 30 }), (maxTableSize, steps) => {
      const largest = Math.max(4096, ...steps.filter((step) => typeof step === "number"));
      const encoder = new HpackEncoder({ maxTableSize });
      const decoder = new HpackDecoder({ maxTableSize: largest, maxListSize: 1_000_000 });
      const reference = new ReferenceDecoder(largest);
      for (const step of steps) {
        if (typeof step === "number") {
          encoder.setPeerTableSize(step);
          continue;
        }
        const block = encodeAll(encoder, step);
        expect(decoder.decode(block, 0, block.length).headers).toEqual(step);
        expect(reference.decode(block)).toEqual(step);
        expect(decoder.entries()).toEqual(encoder.entries());
        expect(reference.table).toEqual(encoder.entries());
        expect(encoder.entries().some(([name]) => isSensitive(name))).toBe(false);
        const distinct = new Set(encoder.entries().map(([name, value]) => JSON.stringify([name, value])));
        expect(distinct.size).toBe(encoder.entries().length);
      }
    });
    fc.assert(property, { numRuns });
  });
});

/** One change of a block. */
const change = fc.record({
  kind: fc.constantFrom("set", "flip", "insert", "remove", "cut", "repeat"),
  at: fc.nat({ max: 1_000_000 }),
  byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0x00, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xbe, 0xff)),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(block: Uint8Array, changes: readonly Change[]): Uint8Array {
  const bytes = [...block];
  for (const { kind, at: anywhere, byte } of changes) {
    const at = bytes.length === 0 ? 0 : anywhere % bytes.length;
    if (kind === "set") bytes[at] = byte;
    else if (kind === "flip") bytes[at] = (bytes[at] ?? 0) ^ (1 << (byte & 7));
    else if (kind === "insert") bytes.splice(at, 0, byte);
    else if (kind === "remove") bytes.splice(at, 1);
    else if (kind === "cut") bytes.length = at;
    else bytes.push(...bytes.slice(at, at + 1 + (byte & 15)));
  }
  return Uint8Array.from(bytes);
}

/** Decodes with both, one after the other; whether the connection still stands. */
function agree(decoder: HpackDecoder, reference: ReferenceDecoder, block: Uint8Array): boolean {
  const copy = block.slice();
  let expected: string[];
  try {
    expected = reference.decode(block);
  } catch {
    expect(() => decoder.decode(block, 0, block.length)).toThrow(HpackError);
    return false;
  }
  const { headers, pairs, size, tooLarge } = decoder.decode(block, 0, block.length);
  expect(headers).toEqual(expected);
  expect(decoder.entries()).toEqual(reference.table);
  expect({ pairs, tooLarge }).toEqual({ pairs: expected.length / 2, tooLarge: false });
  expect(size).toBe(expected.reduce((sum, text) => sum + text.length + 16, 0));
  expect(block).toEqual(copy);
  return true;
}

describe("broken bytes", () => {
  test("changed blocks are an error, or give what the RFC says they do and leave the table so", () => {
    const steps = fc.array(fc.tuple(headerList, fc.array(change, { maxLength: 4 })), { minLength: 1, maxLength: 8 });
    const property = fc.property(steps, (steps) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 10_000_000 });
      const reference = new ReferenceDecoder(4096);
      for (const [list, changes] of steps) {
        if (!agree(decoder, reference, changed(encodeAll(encoder, list), changes))) return;
      }
    });
    fc.assert(property, { numRuns });
  });

  test("random bytes, too", () => {
    const blocks = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(blocks, (blocks) => {
      const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 10_000_000 });
      const reference = new ReferenceDecoder(4096);
      for (const block of blocks) if (!agree(decoder, reference, block)) return;
    });
    fc.assert(property, { numRuns: 5 * numRuns });
  });

  test("a list that is too large leaves the table as if it were not", () => {
    const property = fc.property(
      fc.array(headerList, { maxLength: 10 }),
      fc.nat({ max: 400 }),
      (lists, maxListSize) => {
        const encoder = new HpackEncoder();
        const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize, maxPairs: 5 });
        for (const list of lists) {
          const block = encodeAll(encoder, list);
          const { headers, size, pairs, tooLarge } = decoder.decode(block, 0, block.length);
          expect(headers).toEqual(list.slice(0, headers.length));
          expect({ size, pairs }).toEqual({
            size: list.reduce((sum, text) => sum + text.length + 16, 0),
            pairs: list.length / 2,
          });
          expect(tooLarge).toBe(size > maxListSize || pairs > 5);
          expect(headers.length === list.length).toBe(!tooLarge);
          expect(decoder.entries()).toEqual(encoder.entries());
        }
      },
    );
    fc.assert(property, { numRuns });
  });
});
