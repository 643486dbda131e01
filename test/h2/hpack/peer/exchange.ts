import { deepStrictEqual } from "node:assert";
import { HpackDecoder, HpackEncoder, HpackError, isSensitive } from "../../../../src/runtime/h2/hpack/index.js";
import type { Random } from "../../../harness/random.js";
import { TestSink } from "../sink.js";
import { type Answer, type GoPeer, packList, unpackList } from "./go-peer.js";
import { changedBlock, randomList } from "./random-lists.js";

const tableSizes = [0, 32, 100, 1000, 4096, 4097, 16_384, 65_536];
const largestTable = 65_536;
const listsOfConnection = 200;

/** What was proved. */
export class Exchanged {
  /** Lists that we encoded and Go decoded. */
  sent = 0;
  /** Lists that Go encoded and we decoded. */
  received = 0;
  /** Broken blocks that both refused. */
  refused = 0;
  /** Broken blocks that both took for the same list. */
  taken = 0;
  /** Broken blocks that we refused and Go did not: RFC 7541 lets us, or asks for it, and Go is lenient. */
  stricter = 0;
  /** Broken blocks that Go refused and we did not, because RFC 7541 allows them. */
  lenient = 0;
}

/** Why we refuse what Go takes: integers of more than four bytes more, size updates in the wrong place or too many. */
const stricter = /too large|more than two|behind a header/;

/** Why Go refuses what we take: RFC 7541, section 4.2, allows two size updates in a block, Go only where the first has emptied the table. */
const lenient = /dynamic table size update MUST occur at the beginning of a header block/;

/** One connection both ways: random lists, sizes that change, and a broken block at its end. Throws where the ends differ. */
export async function exchange(go: GoPeer, random: Random, exchanged: Exchanged): Promise<void> {
  const encoder = new HpackEncoder({ maxTableSize: random.pick(tableSizes) });
  const [fromUs, fromGo] = [decoderOf(largestTable), decoderOf(largestTable)];
  const answers: { list: string[]; decoded: Promise<Answer>; encoded: Promise<Answer> }[] = [];
  go.tell("N", largestTable);
  for (let i = 0; i < listsOfConnection; i++) {
    if (random.below(20) === 0) encoder.setPeerTableSize(random.pick(tableSizes));
    if (random.below(20) === 0) go.tell("L", random.pick(tableSizes));
    if (random.below(20) === 0) go.tell("T", random.pick(tableSizes));
    const list = randomList(random);
    const block = encode(encoder, list);
    deepStrictEqual(decode(fromUs, block), list);
    answers.push({ list, decoded: go.ask("D", block), encoded: go.ask("E", packList(list.map(marked))) });
  }
  const broken = changedBlock(random, encode(encoder, randomList(random)));
  const verdict = go.ask("D", broken);
  go.flush();
  for (const { list, decoded, encoded } of answers) {
    const theirs = await decoded;
    if (!theirs.ok) throw new Error(`Go refused a block of ours: ${theirs.payload}`);
    deepStrictEqual(unpackList(theirs.payload), list);
    exchanged.sent++;
    deepStrictEqual(decode(fromGo, (await encoded).payload), list);
    exchanged.received++;
  }
  judge(fromUs, broken, await verdict, exchanged);
}

/** Whether both ends see a broken block as the same. */
function judge(decoder: HpackDecoder, broken: Uint8Array, theirs: Answer, exchanged: Exchanged): void {
  let ours: readonly string[];
  try {
    ours = decode(decoder, broken);
  } catch (error) {
    if (!(error instanceof HpackError)) throw error;
    if (!theirs.ok) exchanged.refused++;
    else if (stricter.test(error.message)) exchanged.stricter++;
    else throw new Error(`only we refused ${Buffer.from(broken).toString("hex")}: ${error.message}`);
    return;
  }
  if (!theirs.ok) {
    if (!lenient.test(theirs.payload.toString())) {
      throw new Error(`only Go refused ${Buffer.from(broken).toString("hex")}: ${theirs.payload}`);
    }
    exchanged.lenient++;
    return;
  }
  deepStrictEqual(unpackList(theirs.payload), ours);
  exchanged.taken++;
}

function decoderOf(maxTableSize: number): HpackDecoder {
  return new HpackDecoder({ maxTableSize, maxListSize: 10_000_000 });
}

function decode(decoder: HpackDecoder, block: Uint8Array): readonly string[] {
  return decoder.decode(block, 0, block.length).headers;
}

const sink = new TestSink();

function encode(encoder: HpackEncoder, list: readonly string[]): Uint8Array {
  encoder.encode(list, sink);
  return sink.take();
}

/** Go is told which names are sensitive. */
function marked(text: string, at: number): string {
  return at % 2 === 0 && isSensitive(text) ? `!${text}` : text;
}
