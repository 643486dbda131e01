/**
 * For generated codecs of protobuf-es messages only (`codec=generated`). A later version will be added beside this one, so that files
 * generated today keep working.
 */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type EsCodec, GeneratedCodec, type ReadFunction, type WriteFunction } from "./codec/es/generated/codec.js";

export { type Base, baseOf } from "./codec/es/generated/base.js";
export type { EsCodec } from "./codec/es/generated/codec.js";
export { readRare, writeRare, writeRareCase, writeUnknownFields } from "./codec/es/generated/rare.js";
export type { Reader } from "./codec/es/generated/reader.js";
export type { Writer } from "./codec/es/generated/writer.js";
export { setOwn } from "./codec/es/own-property.js";
export { es } from "./codec-es.js";

/** The codec of a message type, from the functions that were generated for it. */
export function generated<Desc extends DescMessage>(
  schema: Desc,
  read: ReadFunction<MessageShape<Desc>>,
  write: WriteFunction<MessageInitShape<Desc>>,
): EsCodec<Desc> {
  return new GeneratedCodec(schema, read, write);
}
