import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Codec } from "gen-stubs-runtime";
import { es } from "gen-stubs-runtime/codec-es";
import protobufjs from "protobufjs";
import { type Case, messageOf } from "./cases.js";
import { ReusedSink } from "./reused-sink.js";

export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

/** `es` of this build, or of an earlier one to compare with. */
export type CodecOf = typeof es;

const root = protobufjs.loadSync(join(import.meta.dirname, "../../protos/bench.proto"));

function ours(one: Case, name: string, codec: Codec<object, never>): Contender[] {
  const sink = new ReusedSink();
  const into = (value: object) => () => {
    sink.position = 0;
    codec.encode(value as never, sink);
  };
  return [
    { name, run: into(messageOf(one)) },
    { name: `${name}, plain object`, run: into(one.init) },
  ];
}

/** Ours first: the others are told as multiples of it. */
export function encoders(one: Case, before: CodecOf | undefined): Contender[] {
  const message = create(one.schema, one.init);
  const type = root.lookupType(one.schema.typeName);
  const forJs = type.fromObject(one.plain);
  return [
    ...ours(one, "ours", es(one.schema)),
    ...ours(one, "generated", one.generated),
    ...(before === undefined ? [] : ours(one, "before", before(one.schema))),
    { name: "protobuf-es", run: () => toBinary(one.schema, message) },
    { name: "protobuf-es, plain object", run: () => toBinary(one.schema, create(one.schema, one.init)) },
    { name: "ts-proto", run: () => one.tsProto.encode(one.plain as never).finish() },
    { name: "protobuf.js", run: () => type.encode(forJs).finish() },
  ];
}

export function decoders(one: Case, before: CodecOf | undefined): Contender[] {
  const bytes = toBinary(one.schema, create(one.schema, one.init));
  const type = root.lookupType(one.schema.typeName);
  const decode = (codec: Codec<object, never>) => () => codec.decode(bytes);
  return [
    { name: "ours", run: decode(es(one.schema)) },
    { name: "generated", run: decode(one.generated) },
    ...(before === undefined ? [] : [{ name: "before", run: decode(before(one.schema)) }]),
    { name: "protobuf-es", run: () => fromBinary(one.schema, bytes) },
    { name: "ts-proto", run: () => one.tsProto.decode(bytes) },
    { name: "protobuf.js", run: () => type.decode(bytes) },
  ];
}
