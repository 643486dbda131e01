import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { schemaNamed } from "./support/schemas.js";
import { encoded } from "./support/sink.js";

const named = schemaNamed("codec.proto3.Names");
const maps = schemaNamed("codec.proto3.Maps");
const delimited = schemaNamed("codec.edition2023.Delimited");

/** An entry whose value field stands there once for each of `values`. A map entry is a message like any other. */
function entryOf(number: number, values: readonly Uint8Array[], key = "k"): Uint8Array {
  const out = new BinaryWriter().tag(number, WireType.LengthDelimited).fork();
  for (const value of values) out.tag(2, WireType.LengthDelimited).bytes(value);
  out.tag(1, WireType.LengthDelimited).string(key);
  return out.join().finish();
}

test("a map entry's value that comes twice is merged", () => {
  const tree = schemaNamed("codec.proto3.Tree");
  const parts = [
    { name: "a", others: [{ name: "x" }] },
    { left: { name: "l" }, others: [{ name: "y" }] },
  ].map((init) => encoded(es(tree), init));
  const { messages } = es(named).decode(entryOf(2, parts)) as unknown as { messages: object };
  expect(messages).toMatchObject({ k: { name: "a", left: { name: "l" }, others: [{ name: "x" }, { name: "y" }] } });
});

test("a second entry of the same key replaces the first", () => {
  const tree = schemaNamed("codec.proto3.Tree");
  const bytes = ["a", "b"].map((name) => entryOf(2, [encoded(es(tree), { name, others: name === "a" ? [{}] : [] })]));
  const { messages } = es(named).decode(new Uint8Array(bytes.flatMap((part) => [...part]))) as unknown as {
    messages: object;
  };
  expect(messages).toMatchObject({ k: { name: "b", others: [] } });
});

test("a Struct that is a map entry's value and comes twice is merged", () => {
  const struct = schemaNamed("google.protobuf.Struct");
  const value = { $typeName: "google.protobuf.Value", kind: { case: "numberValue", value: 1 } };
  const parts = ["a", "b"].map((name) => encoded(es(struct), { fields: { [name]: value } } as never));
  const { l } = es(maps).decode(entryOf(12, parts)) as unknown as { l: object };
  expect(l).toEqual({ k: { a: 1, b: 1 } });
});

test("wrappers and Structs with delimited encoding are written as others read them", () => {
  const init = {
    text: "hello",
    data: new Uint8Array([1, 2]),
    long: 2n ** 60n,
    json: { a: [1, null, { b: "c" }] },
    flags: [{ value: true }, { value: false }],
    jsons: [{ x: 1 }, {}],
    one: { case: "number", value: { value: -1 } },
    inner: { text: "", inner: { one: { case: "other", value: { y: "z" } } } },
    plain: "p",
  };
  const bytes = encoded(es(delimited), init);
  const message = fromBinary(delimited, bytes);
  expect(message).toMatchObject({ ...init, inner: { text: "", inner: { one: { value: { y: "z" } } } } });
  expect(es(delimited).decode(bytes)).toStrictEqual(message);
  expect(toBinary(delimited, message)).toEqual(bytes);
});
