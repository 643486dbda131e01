import fc from "fast-check";
import { expect, test } from "vitest";
import { comparable } from "./fuzz/peers/comparable.js";
import { difference } from "./fuzz/peers/difference.js";
import { NodeHttp2Peer } from "./fuzz/peers/node-http2.js";
import { ours } from "./fuzz/peers/ours.js";

// Many more, and grpc-go's view: npm run fuzz:peers
test("what a client may say and what not: as node:http2 sees it", async () => {
  const peer = new NodeHttp2Peer();
  try {
    const differences: string[] = [];
    const tally = { lives: 0, ended: 0, silent: 0 };
    for (const frames of fc.sample(comparable, { numRuns: 400, seed: 20_261_126 })) {
      const [mine, theirs] = [ours(frames), await peer.ask(frames)];
      tally[theirs.connection]++;
      const found = difference(peer.name, mine, theirs);
      if (found === undefined || found === "stricter") continue;
      differences.push(`${found}: ${frames.map((bytes) => Buffer.from(bytes).toString("hex")).join(" ")}`);
    }
    expect(differences).toEqual([]);
    expect(Math.min(tally.lives, tally.ended)).toBeGreaterThan(20);
    expect(tally.silent).toBeLessThan(40);
  } finally {
    peer.close();
  }
});
