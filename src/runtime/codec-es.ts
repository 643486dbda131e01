import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type ByteSink, type Codec, writeBytes } from "./core/codec.js";

const codecs = new WeakMap<DescMessage, unknown>();

/** The codec of a protobuf-es message. One for each schema; sends take messages and init shapes. */
export function es<Desc extends DescMessage>(schema: Desc): Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  let codec = codecs.get(schema);
  if (codec === undefined) {
    codec = new EsCodec(schema);
    codecs.set(schema, codec);
  }
  // The map is keyed by the schema: what it holds under it has the schema's types.
  return codec as EsCodec<Desc>;
}

class EsCodec<Desc extends DescMessage> implements Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  readonly typeName: string;
  readonly #schema: Desc;

  constructor(schema: Desc) {
    this.typeName = schema.typeName;
    this.#schema = schema;
  }

  encode(message: MessageInitShape<Desc>, into: ByteSink): void {
    writeBytes(toBinary(this.#schema, create(this.#schema, message)), into);
  }

  decode(bytes: Uint8Array): MessageShape<Desc> {
    return fromBinary(this.#schema, bytes);
  }
}
