import type { ByteWriter } from "./byte-writer.js";
import type { FieldPlan, Fields } from "./plan.js";
import { jsonToStruct } from "./struct-json.js";
import { unusual } from "./unusual.js";
import { writeScalar, writeTag } from "./write-scalar.js";

/** How a value that is a message is written; handed in, because messages hold maps and maps hold messages. */
type WriteSubmessage = (out: ByteWriter, field: FieldPlan, value: unknown, strict: boolean) => void;

/** Writes a map: one submessage an entry, with key and value always present. */
export function writeMap(
  out: ByteWriter,
  field: FieldPlan,
  content: unknown,
  strict: boolean,
  writeSubmessage: WriteSubmessage,
): void {
  if (typeof content !== "object" || Array.isArray(content)) throw unusual;
  // An object, as just checked, and not null, as the caller has.
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

/** The key as its type, from the name of a property. */
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
