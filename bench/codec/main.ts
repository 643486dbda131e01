/**
 * Encoding and decoding alone, in one process: our codec beside ts-proto, protobuf.js and protobuf-es. Rounds are interleaved;
 * medians of nanoseconds of processor time a message. Run with `npm run bench:codec`.
 */
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { es } from "gen-stubs-runtime/codec-es";
import protobufjs from "protobufjs";
import { type Case, cases, messageOf } from "./cases.js";
import { ReusedSink } from "./reused-sink.js";

interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

const root = protobufjs.loadSync(join(import.meta.dirname, "../../protos/bench.proto"));

function encoders(one: Case): Contender[] {
  const codec = es(one.schema);
  const sink = new ReusedSink();
  const message = messageOf(one);
  const type = root.lookupType(one.schema.typeName);
  const forJs = type.fromObject(one.plain);
  const into = (value: object) => () => {
    sink.position = 0;
    codec.encode(value as never, sink);
  };
  return [
    { name: "ours", run: into(message) },
    { name: "ours, plain object", run: into(one.init) },
    { name: "ts-proto", run: () => one.tsProto.encode(one.plain as never).finish() },
    { name: "protobuf.js", run: () => type.encode(forJs).finish() },
    { name: "protobuf-es", run: () => toBinary(one.schema, create(one.schema, one.init)) },
  ];
}

function decoders(one: Case): Contender[] {
  const codec = es(one.schema);
  const bytes = toBinary(one.schema, create(one.schema, one.init));
  const type = root.lookupType(one.schema.typeName);
  return [
    { name: "ours", run: () => codec.decode(bytes) },
    { name: "ts-proto", run: () => one.tsProto.decode(bytes) },
    { name: "protobuf.js", run: () => type.decode(bytes) },
    { name: "protobuf-es", run: () => fromBinary(one.schema, bytes) },
  ];
}

let kept: unknown;

/** Nanoseconds of processor time a run, over about 20 ms: other processes disturb it less than the clock. */
function time({ run }: Contender): number {
  let count = 1;
  for (;;) {
    const begin = process.cpuUsage();
    for (let i = 0; i < count; i++) kept = run();
    const { user, system } = process.cpuUsage(begin);
    const took = (user + system) * 1000;
    if (took > 20e6) return took / count;
    count = Math.max(count * 2, Math.ceil((count * 22e6) / Math.max(took, 1)));
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

const rounds = Number(process.argv[2] ?? 7);
const only = process.argv[3];
for (const one of cases) {
  if (only !== undefined && !one.name.startsWith(only)) continue;
  for (const [what, contenders] of [
    ["encode", encoders(one)],
    ["decode", decoders(one)],
  ] as const) {
    const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      // The first round warms up.
      for (const contender of contenders) {
        const took = time(contender);
        if (round > 0) times.get(contender.name)!.push(took);
      }
    }
    const line = [...times].map(([name, all]) => `${name} ${median(all).toFixed(0)}`).join("   ");
    console.log(`${one.name.padEnd(22)} ${what}   ${line}   ns`);
  }
}
void kept;
