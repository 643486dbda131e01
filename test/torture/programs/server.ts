/** `server.js <seed> <events>`: serves the events, as a bad server does, until somebody kills it. Prints its port. */
import { setTimeout } from "node:timers/promises";
import { RpcError, Server, status } from "gen-stubs-runtime";
import { RetryInfoSchema } from "gen-stubs-runtime/errors";
import { Random } from "../../harness/random.js";
import { eventBytes, TortureService } from "../service.js";

const [seed = 1, count = 5_000] = process.argv.slice(2).map(Number);
const random = new Random(seed);
/** So many calls of a server's life end early at most, so that a run comes to its end. */
let endings = 5;

const server = new Server({ onError: () => {} }).add(TortureService, {
  async events({ value: after }, call) {
    // Some begin where they are asked to, some with what has been sent already.
    const first = Math.max(1, after + 1 - (random.below(2) === 0 ? 0 : random.below(60)));
    const last = endings > 0 && random.below(2) === 0 ? first + random.below(count / 3) : count;
    for (let id = first; id <= Math.min(last, count); id++) {
      if (random.below(300) === 0) await setTimeout(random.below(3));
      if (!(await call.send({ value: eventBytes(id) }))) return;
    }
    if (last >= count) return;
    endings--;
    throw random.pick(earlyEnds);
  },
});

const earlyEnds = [
  new RpcError(status.UNAVAILABLE, "going away"),
  new RpcError(status.DEADLINE_EXCEEDED, "took too long"),
  new RpcError(status.RESOURCE_EXHAUSTED, "busy", {
    details: [[RetryInfoSchema, { retryDelay: { seconds: 0n, nanos: 3_000_000 } }]],
  }),
];

const { port } = await server.listen("127.0.0.1:0");
console.log(port);
process.once("SIGTERM", async () => {
  await server.shutdown({ graceMs: random.below(20) });
  process.exit();
});
// Whoever started it is gone.
process.stdin.once("end", () => process.exit()).resume();
