import type { BenchClient } from "./peer.js";

/** One batch of a scenario, as data: peers that are no Node programs get it as JSON. */
export interface Work {
  readonly call: "unary" | "serverStream" | "clientStream" | "firehose" | "pingPong";
  /** Bytes of a message. */
  readonly size: number;
  /** Messages of one call; `unary`: calls, one after the other. */
  readonly count: number;
  /** How many times at once. */
  readonly parallel: number;
}

/** Messages (or unary calls) of one batch. */
export function messagesOf({ count, parallel }: Work): number {
  return count * parallel;
}

/** Does the work; what goes on at once is spread over the clients. */
export async function batch(clients: readonly BenchClient[], work: Work): Promise<void> {
  if (work.parallel === 1) return calls(clients[0]!, work);
  await Promise.all(Array.from({ length: work.parallel }, (_, i) => calls(clients[i % clients.length]!, work)));
}

async function calls(client: BenchClient, { call, size, count }: Work): Promise<void> {
  if (call !== "unary") return client[call](size, count);
  for (let i = 0; i < count; i++) await client.unary(size);
}
