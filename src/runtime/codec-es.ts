import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { EsCodec } from "./codec/es/codec.js";
import { detailCodec } from "./codec/es/detail-codec.js";
import type { Codec } from "./core/codec.js";
import { setDetailCodec } from "./core/error-details.js";

// Exported so that the declarations keep a name for what follows to add to.
export type { DetailTypes } from "./core/error-details.js";

declare module "./core/error-details.js" {
  interface DetailTypes<Schema> {
    readonly es: Schema extends DescMessage ? MessageShape<Schema> : never;
  }
}

setDetailCodec(detailCodec);

const codecs = new WeakMap<DescMessage, unknown>();

/** The codec of a protobuf-es message. There is one for each schema. It encodes messages and init shapes. */
export function es<Desc extends DescMessage>(schema: Desc): Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  let codec = codecs.get(schema);
  if (codec === undefined) {
    codec = new EsCodec(schema);
    codecs.set(schema, codec);
  }
  // The key is the schema, so the codec stored under it has the schema's types.
  return codec as EsCodec<Desc>;
}
