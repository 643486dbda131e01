import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  protoInt64,
  toBinary,
} from "@bufbuild/protobuf";
import { type ByteSink, type Codec, writeBytes } from "../../core/codec.js";
import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { planOf } from "./compile.js";
import type { MessagePlan } from "./plan.js";
import { readMessage } from "./read-message.js";
import { littleEndian } from "./scratch.js";
import { writeMessage } from "./write-message.js";

/** False where 64-bit integers are strings (`BUF_BIGINT_DISABLE=1`) or the machine is big-endian. */
const direct = protoInt64.supported && littleEndian;

// One of each is enough, because encoding is synchronous. Only a getter of a message that encodes another message needs a second one.
let idleWriter: ByteWriter | undefined = new ByteWriter();
let idleReader: ByteReader | undefined = new ByteReader();

/**
 * Encodes and decodes protobuf-es messages without the reflection of protobuf-es, with the same results. Where it meets something
 * unusual, protobuf-es does the message again from its start, and gives the result or throws its own error. That is slower, and happens
 * for:
 *
 * - message types with a field named like a property of every object (`has_own_property`);
 * - messages whose prototype is not the one that protobuf-es gives them;
 * - values that do not have the field's type but are accepted by protobuf-es, such as "5" for an int32 or any iterable for a list;
 * - fields whose wire type is not the schema's, submessages that run past their end, and all errors;
 * - everything, where 64-bit integers are strings (`BUF_BIGINT_DISABLE=1`) or the machine is big-endian.
 */
export class EsCodec<Desc extends DescMessage> implements Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  readonly typeName: string;
  readonly #schema: Desc;
  readonly #plan: MessagePlan;

  constructor(schema: Desc) {
    this.typeName = schema.typeName;
    this.#schema = schema;
    this.#plan = planOf(schema);
  }

  encode(message: MessageInitShape<Desc>, into: ByteSink): void {
    if (direct) {
      const start = into.position;
      const out = idleWriter ?? new ByteWriter();
      idleWriter = undefined;
      out.open(into);
      try {
        writeMessage(out, this.#plan, message, false);
        into.position = out.position;
        return;
      } catch {
        into.position = start;
      } finally {
        out.close();
        idleWriter = out;
      }
    }
    writeBytes(toBinary(this.#schema, create(this.#schema, message)), into);
  }

  decode(bytes: Uint8Array): MessageShape<Desc> {
    try {
      return this.decodePart(bytes, 0, bytes.length);
    } finally {
      idleReader?.release(); // nobody knows of how much memory they are a part
    }
  }

  decodePart(bytes: Uint8Array, start: number, end: number): MessageShape<Desc> {
    if (direct) {
      const input = idleReader ?? new ByteReader();
      idleReader = undefined;
      input.open(bytes, start, end);
      try {
        // The plan was made from this schema.
        return readMessage(input, this.#plan, undefined, end, 0, 1) as MessageShape<Desc>;
      } catch {
        // Below.
      } finally {
        input.close();
        idleReader = input;
      }
    }
    // A copy: protobuf-es keeps parts of it in the message, which would keep the whole chunk of the connection in memory.
    return fromBinary(this.#schema, new Uint8Array(bytes.subarray(start, end)));
  }
}
