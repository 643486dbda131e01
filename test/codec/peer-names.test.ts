import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { schemaNamed } from "./support/schemas.js";
import { encoded } from "./support/sink.js";

// Map keys and members of a Struct are the peer's to choose. Whatever they are, they become own properties, and the
// prototype of the object that holds them stays Object's: https://protobuf.dev/programming-guides/proto3/#maps

const maps = schemaNamed("codec.proto3.Maps");
const wellKnown = schemaNamed("codec.proto3.WellKnown");
const named = schemaNamed("codec.proto3.Names");

/** Names that every object has already, and the one that is a setter. */
const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "__defineGetter__", "valueOf", ""];

/** An object that has the properties as own ones, `__proto__` too. */
function own(...members: [name: string, value: unknown][]): Record<string, unknown> {
  return Object.fromEntries(members);
}

function expectOwn(holder: unknown, name: string): unknown {
  expect(Object.getPrototypeOf(holder)).toBe(Object.prototype);
  expect(Object.getOwnPropertyNames(holder)).toEqual([name]);
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}

/** One entry of a map, `key` in field 1 and `value` in field 2. */
function entry(number: number, key: string, value: (out: BinaryWriter) => void): Uint8Array {
  const out = new BinaryWriter().tag(number, WireType.LengthDelimited).fork();
  out.tag(1, WireType.LengthDelimited).string(key);
  value(out);
  return out.join().finish();
}

describe.each(names)("a peer's name, %j", (name) => {
  test("is a key of a map of scalars", () => {
    const bytes = entry(1, name, (out) => out.tag(2, WireType.Varint).int32(7));
    const message = es(named).decode(bytes);
    expect(expectOwn(Reflect.get(message, "numbers"), name)).toBe(7);
    expect(encoded(es(named), message)).toEqual(bytes);
    expect(encoded(es(named), { numbers: own([name, 7]) })).toEqual(bytes);
  });

  test("is a key of a map of messages, and never its prototype", () => {
    const bytes = entry(2, name, (out) =>
      out.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string("inner").join(),
    );
    const message = es(named).decode(bytes);
    expect(expectOwn(Reflect.get(message, "messages"), name)).toMatchObject({ name: "inner" });
    expect(Reflect.get(message, "messages").name).toBeUndefined();
    expect(encoded(es(named), message)).toEqual(bytes);
    expect(encoded(es(named), { messages: own([name, { name: "inner" }]) })).toEqual(bytes);
  });

  test("is a member of a Struct, in a field, in a list, in a map and in itself", () => {
    const inner = own([name, own([name, [own([name, true])]])]);
    const bytes = encoded(es(wellKnown), { j: inner, o: [inner] });
    const message = es(wellKnown).decode(bytes);
    for (const struct of [Reflect.get(message, "j"), Reflect.get(message, "o")[0]]) {
      const [innermost] = expectOwn(expectOwn(struct, name), name) as unknown[];
      expect(expectOwn(innermost, name)).toBe(true);
    }
    expect(encoded(es(wellKnown), message)).toEqual(bytes);
    const inMap = es(maps).decode(encoded(es(maps), { l: own([name, inner]) }));
    expectOwn(expectOwn(expectOwn(Reflect.get(inMap, "l"), name), name), name);
  });

  test("is a key of google.protobuf.Struct as a message", () => {
    const value = { $typeName: "google.protobuf.Value", kind: { case: "numberValue", value: 1 } };
    const bytes = encoded(es(StructSchema), { fields: own([name, value]) } as never);
    expect(expectOwn(es(StructSchema).decode(bytes).fields, name)).toEqual(value);
    expect(toBinary(StructSchema, fromBinary(StructSchema, bytes)).length).toBeLessThanOrEqual(bytes.length);
  });
});

test("a Struct that comes in two parts keeps the names of both", () => {
  const first = encoded(es(wellKnown), { j: own(["__proto__", 1]) });
  const second = encoded(es(wellKnown), { j: own(["constructor", 2]) });
  const { j } = es(wellKnown).decode(new Uint8Array([...first, ...second])) as unknown as { j: object };
  expect(Object.getOwnPropertyNames(j)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(j)).toBe(Object.prototype);
});
