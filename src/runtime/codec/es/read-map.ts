import type { ByteReader } from "./byte-reader.js";
import { emptyBytes } from "./empty-bytes.js";
import { setOwn } from "./own-property.js";
import type { FieldPlan, Fields } from "./plan.js";
import { readScalar } from "./read-scalar.js";
import { jsonToStruct, structToJson } from "./struct-json.js";
import { unusual } from "./unusual.js";

/** Reads a map's value that is a message. It is a parameter, because an import would make a cycle: messages hold maps. */
type ReadSubmessage = (input: ByteReader, field: FieldPlan, existing: Fields | undefined, depth: number) => Fields;

/** Reads one entry into `map`. */
export function readMapEntry(
  input: ByteReader,
  field: FieldPlan,
  map: Fields,
  depth: number,
  readSubmessage: ReadSubmessage,
): void {
  const key = field.key!;
  const value = field.value!;
  const length = input.varint32();
  const end = input.position + length;
  if (end > input.end) throw unusual;
  let name: unknown;
  let item: unknown;
  while (input.position < end) {
    const tag = input.tag();
    if (tag === key.tag) name = readScalar(input, key);
    else if (tag === value.tag) item = readValue(input, value, item, depth, readSubmessage);
    else throw unusual;
  }
  if (input.position !== end) throw unusual;
  if (name === undefined) name = key.zero;
  if (item === undefined) item = zeroOf(value);
  setOwn(map, name, item);
}

/** An entry is a message. If its value comes a second time, it is merged into `held`, the value so far. */
function readValue(
  input: ByteReader,
  value: FieldPlan,
  held: unknown,
  depth: number,
  readSubmessage: ReadSubmessage,
): unknown {
  switch (value.form) {
    case 0:
      return readScalar(input, value);
    case 3:
      return structToJson(readSubmessage(input, value, held === undefined ? undefined : jsonToStruct(held), depth));
    default:
      // A message of the value's type, or nothing yet.
      return readSubmessage(input, value, held as Fields | undefined, depth);
  }
}

/** The value of an entry that was sent without one. */
function zeroOf(value: FieldPlan): unknown {
  if (value.form !== 0) throw unusual;
  return value.scalar === 12 ? emptyBytes() : value.zero;
}
