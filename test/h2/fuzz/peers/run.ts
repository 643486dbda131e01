/**
 * Random frames of a client, right and broken, to our server and to grpc-go's and node:http2's: what one of them takes for the end of a
 * connection must be a fault to ours, and what lives on with them must live on with ours, but for the faults that they are known to let
 * pass. `npm run fuzz:peers -- --count 20000 --seed 1`; needs Go. Exit 1, with the frames, where ours differs.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { comparable } from "./comparable.js";
import { difference } from "./difference.js";
import { GrpcGoPeer } from "./grpc-go.js";
import { NodeHttp2Peer } from "./node-http2.js";
import { ours } from "./ours.js";
import type { Peer } from "./peer.js";

const { values } = parseArgs({
  options: { count: { type: "string", default: "10000" }, seed: { type: "string" }, only: { type: "string" } },
});
const count = Number(values.count);
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
if (!Number.isInteger(count) || !Number.isInteger(seed) || count < 1) {
  throw new Error("usage: npm run fuzz:peers -- [--count <number>] [--seed <number>] [--only grpc-go|node:http2]");
}
/** fast-check holds all that it samples. */
const PART = 2000;
const AT_ONCE = 64;
/** Differences that are shown. */
const SHOWN = 5;

let failed = 0;
for (const start of [() => GrpcGoPeer.start(), () => new NodeHttp2Peer()]) {
  const peer: Peer = start();
  if (values.only === undefined || values.only === peer.name) await campaign(peer);
  peer.close();
}
process.exitCode = failed === 0 ? 0 : 1;

async function campaign(peer: Peer): Promise<void> {
  const tally = { lives: 0, ended: 0, silent: 0, stricter: 0 };
  const differences: string[] = [];
  for (let done = 0; done < count; done += PART) {
    const rest = fc.sample(comparable, { numRuns: Math.min(PART, count - done), seed: seed + done }).values();
    const asking = async (): Promise<void> => {
      for (const frames of rest) {
        const [mine, theirs] = [ours(frames), await peer.ask(frames)];
        tally[theirs.connection]++;
        const found = difference(peer.name, mine, theirs);
        if (found === "stricter") tally.stricter++;
        else if (found !== undefined) {
          differences.push(`${found}: ${frames.map((bytes) => Buffer.from(bytes).toString("hex")).join(" ")}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, asking));
  }
  const { lives, ended, silent, stricter } = tally;
  // What nobody judges shows nothing, and so does a peer that takes, or refuses, everything.
  if (silent > count / 5 || Math.min(lives, ended) < count / 20) differences.push("too little was compared");
  failed += differences.length;
  for (const one of differences.slice(0, SHOWN)) console.error(`${peer.name}: ${one}`);
  console.log(
    `fuzz:peers: ${peer.name}: ${count} sequences (seed ${seed}): ${lives} lived, ${ended} ended, ${silent} not judged; ` +
      `ours is stricter in ${stricter}, differs in ${differences.length}`,
  );
}
