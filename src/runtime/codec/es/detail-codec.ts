import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DetailCodec } from "../../core/error-details.js";

/** Error details are encoded by protobuf-es' own codec, because they are rare. Whoever adds a detail gives its protobuf-es schema. */
export const detailCodec: DetailCodec = {
  encode: (schema, init) =>
    toBinary(schema as DescMessage, create(schema as DescMessage, init as Record<string, unknown>)),
  decode: (schema, bytes) => fromBinary(schema as DescMessage, bytes),
};
