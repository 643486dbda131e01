/**
 * HPACK and the check of received headers alone, in one process: medians of nanoseconds of processor time a block. Rounds are
 * interleaved. `npm run bench:hpack -- [rounds] [--beside FOLDER]`: FOLDER is a copy of `.cache/bench-hpack/js/src/runtime/h2`
 * of another state of the code, which then runs in turns with this one.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type * as Headers from "../../src/runtime/h2/headers/index.js";
import type * as Hpack from "../../src/runtime/h2/hpack/index.js";
import { type Case, cases } from "./cases.js";

interface Build {
  readonly name: string;
  readonly hpack: typeof Hpack;
  readonly headers: typeof Headers;
}

const { values, positionals } = parseArgs({ options: { beside: { type: "string" } }, allowPositionals: true });
const rounds = Number(positionals[0] ?? 9);
const builds = [await load("ours", new URL("../../src/runtime/h2/", import.meta.url))];
if (values.beside !== undefined) builds.unshift(await load("beside", pathToFileURL(`${resolve(values.beside)}/`)));

async function load(name: string, folder: URL): Promise<Build> {
  return {
    name,
    hpack: (await import(new URL("hpack/index.js", folder).href)) as typeof Hpack,
    headers: (await import(new URL("headers/index.js", folder).href)) as typeof Headers,
  };
}

const blocksOfTurn = 5_000;
let kept: unknown;

/** A sink that takes all blocks of a turn. */
const sink = {
  bytes: new Uint8Array(blocksOfTurn * 1024),
  position: 0,
  reserve(size: number): void {
    if (this.position + size > this.bytes.length) throw new Error("too small");
  },
};

/** Nanoseconds of processor time an item: other processes disturb it less than the clock. */
function time<T>(items: readonly T[], run: (item: T) => void): number {
  const begin = process.cpuUsage();
  for (const item of items) run(item);
  const { user, system } = process.cpuUsage(begin);
  return ((user + system) * 1000) / items.length;
}

/** One connection of one build: what its blocks cost, turn by turn. */
class Contender {
  readonly name: string;
  readonly times = { encode: [] as number[], decode: [] as number[], check: [] as number[] };
  bytes = 0;
  readonly #one: Case;
  readonly #headers: typeof Headers;
  readonly #encoder: Hpack.HpackEncoder;
  readonly #decoder: Hpack.HpackDecoder;
  #blocks = 0;

  constructor({ name, hpack, headers }: Build, one: Case) {
    this.name = name;
    this.#one = one;
    this.#headers = headers;
    this.#encoder = new hpack.HpackEncoder();
    this.#decoder = new hpack.HpackDecoder({ maxTableSize: 4096, maxListSize: 16_384 });
  }

  turn(): void {
    const lists = Array.from({ length: blocksOfTurn }, () => this.#one.list(this.#blocks++));
    const ends: number[] = [];
    sink.position = 0;
    const encode = time(lists, (list) => {
      this.#encoder.encode(list, sink);
      ends.push(sink.position);
    });
    let start = 0;
    const received: string[][] = [];
    const decode = time(ends, (end) => {
      received.push(this.#decoder.decode(sink.bytes, start, end).headers);
      start = end;
    });
    const { requestFault, responseFault, trailersFault } = this.#headers;
    const fault = { request: requestFault, response: responseFault, trailers: trailersFault }[this.#one.kind];
    const check = time(received, (list) => {
      kept = fault(list);
    });
    if (kept !== undefined || received.at(-1)!.join() !== lists.at(-1)!.join()) throw new Error("decoded wrongly");
    this.times.encode.push(encode);
    this.times.decode.push(decode);
    this.times.check.push(check);
    this.bytes = sink.position / blocksOfTurn;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

console.log("case                        build    bytes  encode  decode  check   ns a block");
for (const one of cases) {
  const contenders = builds.map((build) => new Contender(build, one));
  for (let round = -3; round < rounds; round++) {
    for (const contender of contenders) {
      contender.turn();
      // The first rounds warm up.
      if (round < 0) for (const times of Object.values(contender.times)) times.length = 0;
    }
  }
  for (const { name, bytes, times } of contenders) {
    const columns = [times.encode, times.decode, times.check].map((all) => median(all).toFixed(0).padStart(7));
    console.log(`${one.name.padEnd(27)} ${name.padEnd(7)} ${bytes.toFixed(1).padStart(6)} ${columns.join(" ")}`);
  }
}
