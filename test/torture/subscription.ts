import { setTimeout } from "node:timers/promises";
import type { BytesValue } from "@bufbuild/protobuf/wkt";
import { type ClientReader, connect, status } from "gen-stubs-runtime";
import { resume } from "gen-stubs-runtime/resume";
import { Random } from "../harness/random.js";
import { Relay } from "../harness/relay/index.js";
import { FaultPlan } from "./faults.js";
import { ServerProcess } from "./server-process.js";
import { eventBytes, eventId, events } from "./service.js";

/** What one run was like. */
export interface SubscriptionReport {
  readonly calls: number;
  readonly connections: number;
  readonly lives: number;
  readonly duplicates: number;
  readonly faults: readonly string[];
}

/** More calls than this, and it does not get on. */
const MOST_CALLS = 400;

/**
 * Reads `count` events through a relay that cuts, stalls, half-closes and resets, from a server that is killed. Throws where one is
 * missing, comes twice, out of order or with other bytes, and where two calls are open at a time.
 */
export async function tortureSubscription(seed: number, count: number): Promise<SubscriptionReport> {
  const server = new ServerProcess("server.js", (life) => [String(seed * 1_000 + life), String(count)]);
  const plan = new FaultPlan({
    seed,
    most: 12,
    maxOffset: 150 * count,
    counted: "toClient",
    kill: (signal) => void server.restart(signal),
  });
  await server.start();
  const target = {
    get port() {
      return server.port;
    },
  };
  const relay = await Relay.start({ target, seed }, (connection, index) => plan.apply(connection, index));
  // Silence of a call is resume's to notice, that of the whole connection the channel's.
  const channel = connect(`http://127.0.0.1:${relay.port}`, {
    initialBackoffMs: 2,
    maxBackoffMs: 20,
    keepaliveTimeMs: 150,
    keepaliveTimeoutMs: 150,
  });
  const [open, duplicates]: [Set<ClientReader<BytesValue>>, number[]] = [new Set(), []];
  let calls = 0;
  try {
    const reader = resume(
      (after?: number) => {
        if (open.size > 0) throw new Error(`${open.size} calls are open already`);
        if (++calls > MOST_CALLS)
          throw new Error(`${MOST_CALLS} calls were not enough; the last began behind ${after}`);
        const call = events(channel, after ?? 0);
        open.add(call);
        void call.status.then(() => open.delete(call));
        return call;
      },
      {
        token: eventId,
        idleTimeoutMs: 300,
        initialBackoffMs: 2,
        maxBackoffMs: 50,
        rememberTokens: 100,
        onDuplicate: (id) => duplicates.push(id),
      },
    );
    let next = 1;
    for await (const event of taken(reader, new Random(seed))) {
      const id = eventId(event);
      if (id !== next) throw new Error(`event ${id} came in place of ${next}`);
      if (!same(event.value, eventBytes(id))) throw new Error(`event ${id} came with other bytes`);
      next++;
    }
    const { code, details } = await reader.status;
    if (next !== count + 1) {
      throw new Error(`the stream ended with ${status[code]} (${details}) behind event ${next - 1} of ${count}`);
    }
    return {
      calls,
      connections: relay.connections.length,
      lives: server.lives,
      duplicates: duplicates.length,
      faults: plan.happened.map(({ kind }) => kind),
    };
  } catch (cause) {
    const faults = plan.happened.map(({ kind, offset }) => `${kind} at ${offset}`).join(", ");
    throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : cause}; before it: ${faults}`, { cause });
  } finally {
    await channel.close();
    await relay.close();
    await server.close();
  }
}

/** The messages, asked for in every way a reader knows, at different speeds. */
async function* taken(reader: ClientReader<BytesValue>, random: Random): AsyncGenerator<BytesValue> {
  const iterator = reader[Symbol.asyncIterator]();
  const batches = reader.batches()[Symbol.asyncIterator]();
  for (;;) {
    if (random.below(200) === 0) await setTimeout(random.below(4));
    const way = random.below(10);
    if (way === 0) {
      const { done, value } = await batches.next();
      if (done === true) return;
      yield* value;
    } else if (way === 1) {
      const some = await Promise.all(Array.from({ length: 1 + random.below(5) }, () => reader.recv()));
      for (const one of some) {
        if (one === undefined) return;
        yield one;
      }
    } else {
      const { done, value } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
