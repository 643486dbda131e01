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

// One of each is enough unless a getter of a message encodes another message; then that one gets its own.
let idleWriter: ByteWriter | undefined = new ByteWriter();
let idleReader: ByteReader | undefined = new ByteReader();

/**
 * Encodes and decodes protobuf-es messages without its reflection, with the same results. Whatever goes wrong on the way
 * is left to protobuf-es, from the start of the message: it gives the result or throws its error. So it does, at its own
 * speed, what is rare:
 *
 * - message types with a field named like a property of every object (`has_own_property`);
 * - messages with another prototype than protobuf-es gives them;
 * - values of another type than the field's that it accepts nevertheless, as "5" for an int32, or an ES iterable for a list;
 * - fields that come with another wire type than the schema's, submessages that run over their end, and all errors;
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
    if (direct) {
      const input = idleReader ?? new ByteReader();
      idleReader = undefined;
      input.open(bytes);
      try {
        // The plan is made of this schema.
        return readMessage(input, this.#plan, undefined, bytes.length, 0, 1) as MessageShape<Desc>;
      } catch {
        // Below.
      } finally {
        input.close();
        idleReader = input;
      }
    }
    // A copy: protobuf-es takes parts of it into the message, which would keep the whole chunk that it came in.
    return fromBinary(this.#schema, new Uint8Array(bytes));
  }
}
