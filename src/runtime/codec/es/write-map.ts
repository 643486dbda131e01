import type { ByteWriter } from "./byte-writer.js";
import type { FieldPlan, Fields } from "./plan.js";
import { jsonToStruct } from "./struct-json.js";
import { unusual } from "./unusual.js";
import { writeScalar, writeTag } from "./write-scalar.js";

/** Writes a map's value that is a message. It is a parameter, because an import would make a cycle: messages hold maps. */
type WriteSubmessage = (out: ByteWriter, field: FieldPlan, value: unknown, strict: boolean) => void;

/** Writes a map: a submessage for each entry, which always has a key and a value. */
export function writeMap(
  out: ByteWriter,
  field: FieldPlan,
  content: unknown,
  strict: boolean,
  writeSubmessage: WriteSubmessage,
): void {
  if (typeof content !== "object" || Array.isArray(content)) throw unusual;
  // It is an object, as checked here, and not null, as the caller has checked.
  const map = content as Fields;
  const key = field.key!;
  const value = field.value!;
  for (const name of Object.keys(map)) {
    const item = map[name];
    writeTag(out, field.tag);
    const room = field.lengthSize;
    const start = out.openLength(room);
    writeScalar(out, key, key.tag, keyOf(key, name), false);
    if (value.form === 0) {
      const isNumbers = !strict && value.scalar === 12 && Array.isArray(item);
      writeScalar(out, value, value.tag, isNumbers ? new Uint8Array(item) : item, false);
    } else {
      writeSubmessage(out, value, value.form === 3 ? jsonToStruct(item) : item, strict || value.form === 3);
    }
    field.lengthSize = out.closeLength(start, room);
  }
}

/** Converts the name of a property to the type of the map's key. */
function keyOf(key: FieldPlan, name: string): unknown {
  switch (key.scalar) {
    case 9: // string
      return name;
    case 8: // bool
      return name === "true" ? true : name === "false" ? false : name;
    case 5: // int32
    case 7: // fixed32
    case 13: // uint32
    case 15: // sfixed32
    case 17: // sint32
      return Number.parseInt(name, 10);
    default:
      return name;
  }
}
