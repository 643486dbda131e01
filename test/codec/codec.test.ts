import { create, type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { difference, outcome } from "./support/outcome.js";
import { compileSchemas } from "./support/schemas.js";
import { encoded, TightSink } from "./support/sink.js";

const registry = compileSchemas();

function schema(name: string): DescMessage {
  const message = registry.getMessage(name);
  if (message === undefined) throw new Error(`no message ${name}`);
  return message;
}

const tree = schema("codec.proto3.Tree");
const optionals = schema("codec.proto3.Optionals");
const maps = schema("codec.proto3.Maps");

test("there is one codec for a schema", () => {
  expect(es(tree)).toBe(es(tree));
  expect(es(tree)).not.toBe(es(maps));
  expect(es(tree).typeName).toBe("codec.proto3.Tree");
});

test.each([0, 1, 41, 42, 43, 127, 128, 2_047, 2_048, 4_095, 4_096, 16_383, 16_384, 70_000])(
  "strings of %i characters, of one to four bytes each",
  (length) => {
    for (const character of ["a", "é", "漢", "😀", "\ud800"]) {
      const init = { value: character.repeat(length / character.length) };
      const bytes = toBinary(StringValueSchema, create(StringValueSchema, init));
      expect(Buffer.compare(encoded(es(StringValueSchema), init), bytes)).toBe(0);
      expect(es(StringValueSchema).decode(bytes)).toStrictEqual(fromBinary(StringValueSchema, bytes));
    }
  },
);

test.each([10, 99, 100, 101, 10_000])("%i messages within each other", (depth) => {
  let bytes: Uint8Array = new Uint8Array(0);
  for (let i = 1; i < depth; i++) bytes = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(bytes).finish();
  const theirs = outcome(() => fromBinary(tree, bytes));
  expect(
    difference(
      outcome(() => es(tree).decode(bytes)),
      theirs,
    ),
  ).toBeUndefined();
  expect("threw" in theirs).toBe(depth > 100);
});

test("groups within unknown groups count too", () => {
  for (const depth of [98, 99, 100, 101]) {
    const writer = new BinaryWriter();
    for (let i = 0; i < depth; i++) writer.tag(1_000, WireType.StartGroup);
    for (let i = 0; i < depth; i++) writer.tag(1_000, WireType.EndGroup);
    const bytes = writer.finish();
    const theirs = outcome(() => fromBinary(tree, bytes));
    expect(
      difference(
        outcome(() => es(tree).decode(bytes)),
        theirs,
      ),
    ).toBeUndefined();
  }
});

test("a message that cannot be encoded leaves the sink as it was, and the codec usable", () => {
  const sink = new TightSink();
  const n = "x".repeat(300);
  expect(() => es(optionals).encode({ n, q: { a: 1.5 } }, sink)).toThrow(/codec.proto3.Scalars.a/);
  expect(sink.position).toBe(3);
  es(optionals).encode({ n }, sink);
  expect(fromBinary(optionals, sink.bytes.subarray(3, sink.position))).toStrictEqual(create(optionals, { n }));
});

test("a getter may encode another message while this one is being encoded", () => {
  const inner = { name: "inner" };
  const outer = {
    name: "outer",
    get left() {
      return { name: encoded(es(tree), inner).toString() };
    },
  };
  expect(encoded(es(tree), outer)).toStrictEqual(toBinary(tree, create(tree, outer)));
});

test("what was read can be added to and sent again", () => {
  const message = es(tree).decode(toBinary(tree, create(tree, { name: "a" })));
  const changed: Message & { right?: Message } = message;
  changed.right = create(tree, { name: "b" });
  expect(encoded(es(tree), changed as never)).toStrictEqual(toBinary(tree, message));
});

test("messages read after one another share nothing", () => {
  const first = es(maps).decode(new Uint8Array(0)) as Message & Record<string, Record<string, unknown>>;
  first["a"]!["1"] = 1n;
  expect(es(maps).decode(new Uint8Array(0))).toStrictEqual(create(maps));
});

test("more message types than there are places to copy templates", () => {
  for (let round = 0; round < 3; round++) {
    for (const type of registry) {
      if (type.kind !== "message") continue;
      const theirs = fromBinary(type, new Uint8Array(0));
      expect(difference(es(type).decode(new Uint8Array(0)), theirs), type.typeName).toBeUndefined();
    }
  }
});
