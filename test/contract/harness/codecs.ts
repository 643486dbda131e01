import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type BytesValue,
  BytesValueSchema,
  type Int32Value,
  Int32ValueSchema,
  type StringValue,
  StringValueSchema,
} from "@bufbuild/protobuf/wkt";
import { es } from "../../../src/runtime/codec-es.js";
import { tsProto } from "../../../src/runtime/codec-ts-proto.js";
import type { Codec } from "../../../src/runtime/codegen-v1.js";

export type BytesInit = MessageInitShape<typeof BytesValueSchema>;
export type Int32Init = MessageInitShape<typeof Int32ValueSchema>;
export type StringInit = MessageInitShape<typeof StringValueSchema>;

export interface TrialCodecs {
  readonly bytes: Codec<BytesValue, BytesInit>;
  readonly int32: Codec<Int32Value, Int32Init>;
  readonly string: Codec<StringValue, StringInit>;
}

/** `npm run contract:ts-proto` has generated ts-proto's messages. */
export const tsProtoMessages = process.env["GEN_STUBS_CONTRACT_MESSAGES"] === "ts_proto";

/** Codecs of protobuf-es' messages, or of ts-proto's. */
export const codecs: TrialCodecs = tsProtoMessages
  ? await tsProtoCodecs()
  : { bytes: es(BytesValueSchema), int32: es(Int32ValueSchema), string: es(StringValueSchema) };

async function tsProtoCodecs(): Promise<TrialCodecs> {
  const generated = new URL("../../../.cache/contract-ts-proto/google/protobuf/wrappers.ts", import.meta.url);
  const { BytesValue, Int32Value, StringValue } = await import(/* @vite-ignore */ generated.href);
  // The tests use nothing of these messages but `value`, which both libraries' have.
  return {
    bytes: tsProto(BytesValue, "google.protobuf.BytesValue") as unknown as TrialCodecs["bytes"],
    int32: tsProto(Int32Value, "google.protobuf.Int32Value") as unknown as TrialCodecs["int32"],
    string: tsProto(StringValue, "google.protobuf.StringValue") as unknown as TrialCodecs["string"],
  };
}
