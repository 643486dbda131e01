import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { oracle } from "./oracle.js";
import type { Random } from "./random.js";

const texts = [
  "",
  "a",
  "constructor",
  "toString",
  "é漢😀",
  "x".repeat(40),
  "y".repeat(200),
  "\ufeffbom",
  "hasOwnProperty",
];
const varints = [
  0n,
  1n,
  2n,
  10n,
  127n,
  128n,
  200n,
  300n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Bytes of a message: mostly what its schema asks for, now and then what only a stranger would send. */
export function randomBytes(random: Random, desc: DescMessage, depth = 3): Uint8Array {
  const out = new BinaryWriter();
  for (let i = random.below(desc.fields.length + 3); i > 0; i--) {
    if (desc.fields.length === 0 || random.once(12)) writeUnknown(random, out);
    else writeField(random, out, random.pick(desc.fields), depth);
  }
  return out.finish();
}

function writeField(random: Random, out: BinaryWriter, field: DescField, depth: number): void {
  if (random.once(60)) {
    writeOdd(random, out, field.number);
    return;
  }
  switch (field.fieldKind) {
    case "scalar":
      writeScalar(random, out.tag(field.number, wireTypeOf(field.scalar)), field.scalar);
      return;
    case "enum":
      out.tag(field.number, WireType.Varint).int32(enumOf(random, field.enum));
      return;
    case "message":
      writeMessage(random, out, field.number, field.message, field.delimitedEncoding, depth);
      return;
    case "list":
      writeList(random, out, field, depth);
      return;
    case "map":
      writeEntry(random, out, field, depth);
      return;
  }
}

function writeMessage(
  random: Random,
  out: BinaryWriter,
  number: number,
  desc: DescMessage,
  delimited: boolean,
  depth: number,
): void {
  const content = depth > 0 ? randomBytes(random, desc, depth - 1) : new Uint8Array(0);
  if (delimited) out.tag(number, WireType.StartGroup).raw(content).tag(number, WireType.EndGroup);
  else out.tag(number, WireType.LengthDelimited).bytes(content);
}

function writeList(random: Random, out: BinaryWriter, field: DescField & { fieldKind: "list" }, depth: number): void {
  if (field.listKind === "message") {
    for (let i = random.below(3); i >= 0; i--) {
      writeMessage(random, out, field.number, field.message, field.delimitedEncoding, depth);
    }
    return;
  }
  const scalar = field.listKind === "enum" ? ScalarType.INT32 : field.scalar;
  const item = (to: BinaryWriter) =>
    field.listKind === "enum" ? void to.int32(enumOf(random, field.enum)) : writeScalar(random, to, scalar);
  const packable = scalar !== ScalarType.STRING && scalar !== ScalarType.BYTES;
  // Both ways are read, whatever the schema says.
  if (packable && (random.once(4) ? !field.packed : field.packed)) {
    out.tag(field.number, WireType.LengthDelimited).fork();
    for (let i = random.below(6); i > 0; i--) item(out);
    out.join();
    return;
  }
  for (let i = random.below(3); i >= 0; i--) item(out.tag(field.number, wireTypeOf(scalar)));
}

function writeEntry(random: Random, out: BinaryWriter, field: DescField & { fieldKind: "map" }, depth: number): void {
  out.tag(field.number, WireType.LengthDelimited).fork();
  const key = () => {
    out.tag(1, wireTypeOf(field.mapKey));
    if (field.mapKey === ScalarType.STRING && random.once(3)) out.string(oracle.keepsProtoKeys ? "__proto__" : "proto");
    else writeScalar(random, out, field.mapKey);
  };
  const value = () => {
    if (field.mapKind === "message") writeMessage(random, out, 2, field.message, false, depth);
    else if (field.mapKind === "enum") out.tag(2, WireType.Varint).int32(enumOf(random, field.enum));
    else writeScalar(random, out.tag(2, wireTypeOf(field.scalar)), field.scalar);
  };
  const parts = random.once(6) ? [key, value, value, key, () => writeUnknown(random, out)] : [key, value];
  let values = 0;
  for (const part of random.once(8) ? parts.reverse() : parts) {
    if (random.once(12)) continue;
    if (part === value && ++values > 1 && !oracle.mergesMapEntries) continue;
    part();
  }
  out.join();
}

function writeUnknown(random: Random, out: BinaryWriter): void {
  writeOdd(random, out, random.pick([18, 99, 1_000, 1_999, 1_100, 70_000]));
}

/** A field of any wire type. */
function writeOdd(random: Random, out: BinaryWriter, number: number): void {
  switch (random.below(6)) {
    case 0:
      out.tag(number, WireType.Varint).uint64(random.pick(varints));
      return;
    case 1:
      out.tag(number, WireType.Bit64).fixed64(random.pick(varints));
      return;
    case 2:
      out.tag(number, WireType.Bit32).fixed32(random.word());
      return;
    case 3:
      out.tag(number, WireType.LengthDelimited).string(random.pick(texts));
      return;
    case 4:
      out.tag(number, WireType.StartGroup);
      if (random.once(2)) writeUnknown(random, out);
      out.tag(random.once(20) ? number + 1 : number, WireType.EndGroup);
      return;
    case 5:
      // More bytes than the number needs.
      out.tag(number, WireType.Varint).raw(Uint8Array.of(0x81, 0x80, 0x80, ...(random.once(3) ? [0x80, 0x80] : []), 0));
  }
}

function enumOf(random: Random, desc: { values: readonly { number: number }[] }): number {
  return random.once(3) ? random.pick([0, 1, 2, 77, -1]) : random.pick(desc.values).number;
}

function writeScalar(random: Random, out: BinaryWriter, type: ScalarType): void {
  switch (type) {
    case ScalarType.STRING:
      if (random.once(15)) out.bytes(Uint8Array.of(0x61, 0xff, 0xc0, 0x62));
      else out.string(random.pick(texts));
      return;
    case ScalarType.BYTES:
      out.bytes(new Uint8Array(random.pick([0, 0, 1, 5, 130])).fill(random.below(256)));
      return;
    case ScalarType.BOOL:
      out.bool(random.once(2));
      return;
    case ScalarType.DOUBLE:
      out.double(random.pick([0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]));
      return;
    case ScalarType.FLOAT:
      out.float(random.pick([0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY]));
      return;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      out.fixed32(random.once(4) ? 0 : random.word());
      return;
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      out.fixed64(random.pick(varints));
      return;
    default:
      out.uint64(random.pick(varints));
  }
}

function wireTypeOf(type: ScalarType): WireType {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}

/** Flips, inserts, removes, doubles or cuts off bytes, up to three times. */
export function mutated(random: Random, bytes: Uint8Array): Uint8Array {
  let result = [...bytes];
  for (let i = random.below(3); i >= 0; i--) {
    const at = random.below(result.length + 1);
    switch (random.below(6)) {
      case 0:
        result.splice(at, 1, random.below(256));
        break;
      case 1:
        result.splice(at, 0, random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]));
        break;
      case 2:
        result.splice(at, 1 + random.below(4));
        break;
      case 3:
        result.splice(at, 0, ...result.slice(at, at + random.below(12)));
        break;
      case 4:
        result = result.slice(0, at);
        break;
      case 5:
        result = result.concat(result);
    }
  }
  return Uint8Array.from(result);
}
