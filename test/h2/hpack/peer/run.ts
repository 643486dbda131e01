/**
 * HPACK beside Go's, both ways: `npm run hpack -- --lists 50000 --seed 1`. The same seed and number of lists give the same
 * lists. Exit 1 where an end sees something else than the other.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../../harness/random.js";
import { Exchanged, exchange } from "./exchange.js";
import { GoPeer } from "./go-peer.js";

const { values } = parseArgs({ options: { lists: { type: "string" }, seed: { type: "string" } } });
const lists = Number(values.lists ?? 50_000);
const seed = Number(values.seed ?? 1);
if (!Number.isInteger(lists) || !Number.isInteger(seed) || lists < 1) {
  throw new Error("usage: npm run hpack -- [--lists <count>] [--seed <number>]");
}

// `npm run` starts in the checkout.
const program = join(process.cwd(), ".cache", "h2", "hpack-peer");
execFileSync("go", ["build", "-buildvcs=false", "-o", program, "."], {
  cwd: join(process.cwd(), "test", "h2", "hpack", "peer", "go"),
  stdio: "inherit",
});
const go = new GoPeer(program);
const random = new Random(seed);
const exchanged = new Exchanged();
let failed = 0;
try {
  while (exchanged.sent < lists) await exchange(go, random, exchanged);
} catch (error) {
  failed = 1;
  console.error(error);
}
go.end();
const { sent, received, refused, taken, stricter, lenient } = exchanged;
console.log(
  `hpack: of ${refused + taken + stricter + lenient} broken blocks both refused ${refused} and took ${taken}, only we refused ${stricter}, only Go ${lenient}`,
);
console.log(
  `hpack: ${sent} lists to Go and ${received} from it: ${sent + received} passed, ${failed} failed (seed ${seed})`,
);
process.exitCode = failed;
