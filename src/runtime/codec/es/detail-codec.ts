import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DetailCodec } from "../../core/error-details.js";

/** Error details by protobuf-es' own codec: they are few. Who gives a detail gives the schema of protobuf-es: nothing else has this shape. */
export const detailCodec: DetailCodec = {
  encode: (schema, init) =>
    toBinary(schema as DescMessage, create(schema as DescMessage, init as Record<string, unknown>)),
  decode: (schema, bytes) => fromBinary(schema as DescMessage, bytes),
};
