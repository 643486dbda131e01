import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { difference, outcome } from "./support/outcome.js";
import { schemaNamed } from "./support/schemas.js";

const unchecked = schemaNamed("codec.edition2023.Featured");

test("text of all planes is read as protobuf-es reads it", () => {
  const character = fc.oneof(
    fc.constantFrom(
      "a",
      "\x7f",
      "\x80",
      "é",
      "ÿ",
      "Ā",
      "ж",
      "\u07ff",
      "\u0800",
      "漢",
      "\ud7ff",
      "\ue000",
      "\ufffd",
      "\uffff",
      "😀",
      "\u{10ffff}",
    ),
    fc.string({ unit: "binary", maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(character, { maxLength: 1_500 }), (characters) => {
      const bytes = toBinary(StringValueSchema, create(StringValueSchema, { value: characters.join("") }));
      expect(es(StringValueSchema).decode(bytes)).toStrictEqual(fromBinary(StringValueSchema, bytes));
    }),
    { numRuns: 300 },
  );
});

/** Sequences that are not UTF-8, by https://www.unicode.org/versions/latest/core-spec/chapter-3/#G27506, table 3-7. */
const broken = [
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc4],
  [0xc4, 0x41],
  [0xe0, 0x80, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xe6, 0xbc],
  [0xe6, 0xbc, 0x41],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff],
  [0x80],
];

test.each(broken.map((bytes) => [Buffer.from(bytes).toString("hex"), bytes] as const))(
  "%s at the start, in the middle and at the end",
  (_, bytes) => {
    const wide = [...Buffer.from("漢字かな".repeat(5))];
    for (const text of [
      [...bytes, ...wide],
      [...wide, ...bytes, ...wide],
      [...wide, ...bytes],
    ]) {
      // 4 replaces what is invalid, 5 refuses it.
      for (const number of [4, 5]) {
        const message = new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(Uint8Array.from(text)).finish();
        // What comes behind must not be taken for a part of the text.
        const followed = Uint8Array.from([...message, 0x82, 0x01, 0x02, 0xbc, 0xa2]);
        for (const encoded of [message, followed]) {
          const ours = outcome(() => es(unchecked).decode(encoded));
          expect(
            difference(
              ours,
              outcome(() => fromBinary(unchecked, encoded)),
            ),
          ).toBeUndefined();
        }
      }
    }
  },
);
