/** HPACK, the header compression of HTTP/2: {@link https://www.rfc-editor.org/rfc/rfc7541 | RFC 7541}. */
export { type DecodedHeaders, HpackDecoder, type HpackDecoderOptions } from "./decoder.js";
export { HpackEncoder, type HpackEncoderOptions } from "./encoder.js";
export type { HeaderList } from "./header-list.js";
export { HpackError } from "./hpack-error.js";
export { isSensitive, isSensitiveOrBinary } from "./sensitive.js";
