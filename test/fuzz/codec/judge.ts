import {
  create,
  type DescExtension,
  type DescMessage,
  fromBinary,
  getExtension,
  type Message,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import type { Codec } from "../../../src/runtime/core/codec.js";
import { difference, outcome } from "../../codec/support/outcome.js";
import { encoded } from "../../codec/support/sink.js";
import type { Random } from "./random.js";
import { initLike } from "./values.js";

/** A codec by its schema; what is under test. */
export type CodecOf = (desc: DescMessage) => Codec<Message, object>;

/** The message type under test, and the extensions of its file. */
export interface Subject {
  readonly desc: DescMessage;
  readonly extensions: readonly DescExtension[];
}

/** Reads the bytes with the codec and with protobuf-es, and writes again what was read. Returns the first difference. */
export function judge(
  codecOf: CodecOf,
  { desc, extensions }: Subject,
  bytes: Uint8Array,
  random: Random,
): string | undefined {
  const codec = codecOf(desc);
  const theirs = outcome(() => fromBinary(desc, bytes));
  const ours = outcome(() => codec.decode(bytes));
  const read = difference(ours, theirs);
  if (read !== undefined) return `read otherwise: ${read}`;
  if (!("returned" in theirs) || !("returned" in ours)) return undefined;
  const written = difference(
    outcome(() => hex(encoded(codec, ours.returned), ours.returned)),
    outcome(() => hex(toBinary(desc, theirs.returned), theirs.returned)),
  );
  if (written !== undefined) return `written otherwise: ${written}`;
  const extension = extensions.find(({ extendee }) => extendee.typeName === desc.typeName);
  if (extension !== undefined) {
    const added = difference(
      outcome(() => hex(encoded(codec, extend(extension, ours.returned)), ours.returned)),
      outcome(() => hex(toBinary(desc, extend(extension, theirs.returned)), theirs.returned)),
    );
    if (added !== undefined) return `an extension is written otherwise: ${added}`;
  }
  const init = initLike(random, theirs.returned);
  const fromInit = difference(
    outcome(() => hex(encoded(codec, init), init)),
    outcome(() => hex(toBinary(desc, create(desc, init)), init)),
  );
  return fromInit === undefined ? undefined : `an init shape is written otherwise: ${fromInit}`;
}

/**
 * The bytes, to compare. Only their number where the value has a NaN: ECMAScript leaves open which of its many bit patterns is
 * written (https://tc39.es/ecma262/#sec-numerictorawbytes), and V8 changes them as it optimizes.
 */
function hex(bytes: Uint8Array, value: unknown): string {
  return hasNaN(value) ? `${bytes.length} bytes` : Buffer.from(bytes).toString("hex");
}

function hasNaN(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return Number.isNaN(value);
  return !ArrayBuffer.isView(value) && Object.values(value).some(hasNaN);
}

/** The message with what it has of the extension, twice if it is a list. */
function extend(extension: DescExtension, message: Message): Message {
  const value = getExtension(message, extension);
  const values = Array.isArray(value) ? [...value, ...value] : value;
  setExtension(message, extension, values as typeof value);
  return message;
}
