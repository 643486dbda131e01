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

/** What a generated codec is to its users. */
export type EsCodec<Desc extends DescMessage> = Codec<MessageShape<Desc>, MessageInitShape<Desc>>;

/** False where 64-bit integers are strings (`BUF_BIGINT_DISABLE=1`) or the machine is big-endian. */
const direct = protoInt64.supported && littleEndian;

// One of each is enough unless a getter of a message encodes another message; then that one gets its own.
let idleWriter: Writer | undefined = new Writer();
let idleReader: Reader | undefined = new Reader();

/**
 * A codec of generated functions, with the results of protobuf-es: what they find unusual is done again by protobuf-es, from
 * the start of the message, which gives the result or throws its error.
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
    if (direct) {
      const input = idleReader ?? new Reader();
      idleReader = undefined;
      input.open(bytes);
      try {
        return this.#read(input, bytes.length, 0, 1, undefined);
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
