import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  protoInt64,
  toBinary,
} from "@bufbuild/protobuf";
import { type ByteSink, type Codec, writeBytes } from "../../../core/codec.js";
import { littleEndian } from "../scratch.js";
import { Reader } from "./reader.js";
import { Writer } from "./writer.js";

/** Reads fields up to `end`, or up to `endTag` where that is not 0, into `held`, or into a new message. */
export type ReadFunction<Shape> = (
  input: Reader,
  end: number,
  endTag: number,
  depth: number,
  held: Shape | undefined,
) => Shape;

/** Writes the fields of a message or an init shape; `strict` takes messages alone. */
export type WriteFunction<Init> = (out: Writer, message: Init, strict: boolean) => void;

/** A generated codec, as stubs use it. */
export type EsCodec<Desc extends DescMessage> = Codec<MessageShape<Desc>, MessageInitShape<Desc>>;

/** False where 64-bit integers are strings (`BUF_BIGINT_DISABLE=1`) or the machine is big-endian. */
const direct = protoInt64.supported && littleEndian;

// One of each is enough, because encoding is synchronous. Only a getter of a message that encodes another message needs a second one.
let idleWriter: Writer | undefined = new Writer();
let idleReader: Reader | undefined = new Reader();

/**
 * A codec of generated functions, with the same results as protobuf-es. Where they meet something unusual, protobuf-es does the message
 * again from its start, and gives the result or throws its own error.
 */
export class GeneratedCodec<Desc extends DescMessage> implements Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  readonly typeName: string;
  readonly #schema: Desc;
  readonly #read: ReadFunction<MessageShape<Desc>>;
  readonly #write: WriteFunction<MessageInitShape<Desc>>;

  constructor(schema: Desc, read: ReadFunction<MessageShape<Desc>>, write: WriteFunction<MessageInitShape<Desc>>) {
    this.typeName = schema.typeName;
    this.#schema = schema;
    this.#read = read;
    this.#write = write;
  }

  encode(message: MessageInitShape<Desc>, into: ByteSink): void {
    if (direct) {
      const start = into.position;
      const out = idleWriter ?? new Writer();
      idleWriter = undefined;
      out.open(into);
      try {
        this.#write(out, message, false);
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
      const input = idleReader ?? new Reader();
      idleReader = undefined;
      input.open(bytes, start, end);
      try {
        return this.#read(input, end, 0, 1, undefined);
      } catch {
        // protobuf-es decodes it below.
      } finally {
        input.close();
        idleReader = input;
      }
    }
    // A copy: protobuf-es keeps parts of it in the message, which would keep the whole chunk of the connection in memory.
    return fromBinary(this.#schema, new Uint8Array(bytes.subarray(start, end)));
  }
}
