// Many calls of our client through something that may break them: load.js TRANSPORT TARGET PLAN
//
// PLAN is JSON: {"unary":N,"bidi":N,"hold":N,"pauseMs":N,"after":N}. Unary calls go 50 at once, bidi calls all at once. Held calls are
// opened first, and end by themselves or when a line comes on stdin. Prints {"event":"holding"} when they are open, and
// at the end how many calls ended with what.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { RpcError, status } from "gen-stubs-runtime";
import { DataServiceClient } from "../../gen/data_grpc.js";
import { emit } from "../emit.js";
import { open, type Transport } from "../transports.js";

interface Plan {
  readonly unary?: number;
  readonly bidi?: number;
  readonly hold?: number;
  /** Between the unary calls and those after. */
  readonly pauseMs?: number;
  readonly after?: number;
}

const [transport, target = "", plan = "{}"] = process.argv.slice(2);
// The run passes all of them.
const { unary = 0, bidi = 0, hold = 0, pauseMs = 0, after = 0 } = JSON.parse(plan) as Plan;
const channel = open(transport as Transport, target);
const client = new DataServiceClient(channel);
/** A call that hangs would end with DEADLINE_EXCEEDED: no proxy says that. */
const options = { timeoutMs: 45_000, metadata: { "x-call-id": "load" } };

type Counts = Record<string, number>;

async function count(into: Counts, call: () => Promise<unknown>): Promise<void> {
  let outcome = "OK";
  try {
    await call();
  } catch (error) {
    outcome = error instanceof RpcError ? status[error.code] : String(error);
  }
  into[outcome] = (into[outcome] ?? 0) + 1;
}

async function manyUnary(total: number): Promise<Counts> {
  const counts: Counts = {};
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < total) {
      const id = String(begun++);
      await count(counts, async () => {
        const { name } = await client.getData({ id }, options);
        if (name !== `Item ${id}`) throw new Error(`the answer to ${id} is ${name}`);
      });
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return counts;
}

async function talkOnce(): Promise<void> {
  const chat = client.chat(options);
  await chat.send({ message: "hello" });
  if ((await chat.recv())?.message !== "echo: hello") throw new Error("no reply");
  await chat.closeSend();
  if ((await chat.recv()) !== undefined) throw new Error("more than one reply");
}

/** Opens calls, and returns when they are open. The counts come when all have ended. */
async function holdCalls(total: number): Promise<{ readonly ended: Promise<Counts> }> {
  const counts: Counts = {};
  let go = (): void => {};
  const talk = new Promise<void>((resolve) => {
    go = resolve;
  });
  process.stdin.once("data", go);
  const opened: Promise<unknown>[] = [];
  const ended = Array.from({ length: total }, () => {
    const chat = client.chat(options);
    const first = chat.send({ message: "hello" }).then(() => chat.recv());
    opened.push(first.catch(() => {}));
    return count(counts, async () => {
      await first;
      const second = chat.recv();
      void talk.then(() => chat.send({ message: "again" })).catch(() => {});
      if ((await second)?.message !== "echo: again") throw new Error("ended without a word");
      await chat.closeSend();
      if ((await chat.recv()) !== undefined) throw new Error("more than two replies");
    });
  });
  await Promise.all(opened);
  return { ended: Promise.all(ended).then(() => counts) };
}

const holding = await holdCalls(hold);
if (hold > 0) emit({ event: "holding" });
const unaryCounts = await manyUnary(unary);
const bidiCounts: Counts = {};
await Promise.all(Array.from({ length: bidi }, () => count(bidiCounts, talkOnce)));
await delay(pauseMs);
const afterCounts = await manyUnary(after);
const held = await holding.ended;
emit({ event: "done", unary: unaryCounts, bidi: bidiCounts, after: afterCounts, held });
await channel.close();
process.stdin.destroy();
if (process.stdout.writableLength > 0) await once(process.stdout, "drain");
