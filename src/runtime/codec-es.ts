import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { EsCodec } from "./codec/es/codec.js";
import type { Codec } from "./core/codec.js";

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
