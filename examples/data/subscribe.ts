import { setTimeout } from "node:timers/promises";
import { RpcError, status } from "gen-stubs-runtime";
import type { DataServiceClient } from "./gen/data_grpc.js";
import type { DataUpdate } from "./gen/data_pb.js";

/**
 * Milliseconds to wait before the next try, or undefined where another try cannot help. `failures` counts those in a
 * row, from 1. The wait is drawn at random, so that clients which lost one server do not come back all at once.
 */
export function retryDelay(code: status, failures: number): number | undefined {
  const [first, limit] = firstAndLimit(code);
  if (first === undefined) return undefined;
  return Math.min(first * 2 ** (failures - 1), limit) * (0.5 + Math.random() / 2);
}

function firstAndLimit(code: status): [number, number] | [undefined] {
  switch (code) {
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
      return [100, 10_000];
    case status.RESOURCE_EXHAUSTED:
      // The server has too much to do: leave it alone for longer.
      return [5_000, 120_000];
    default:
      return [undefined];
  }
}

/**
 * Updates of the topics, for as long as the caller reads them: a connection that is lost is made again, and goes on
 * behind the last update seen. Ends when `signal` aborts or the loop is left; throws what another try cannot mend.
 */
export async function* subscribe(
  client: DataServiceClient,
  topics: string[],
  options: { signal?: AbortSignal; wait?: (ms: number, signal?: AbortSignal) => Promise<void> } = {},
): AsyncGenerator<DataUpdate, void> {
  const { signal, wait = sleep } = options;
  let since = 0n;
  let failures = 0;
  for (;;) {
    try {
      // A server that is silent for 30 s may be gone without a word: ask again.
      for await (const update of client.subscribeData({ topics, since }, { signal, idleTimeoutMs: 30_000 })) {
        failures = 0;
        since = update.timestamp + 1n;
        yield update;
      }
      // The server has ended the stream.
      return;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (error.code === status.CANCELLED) return;
      const delay = retryDelay(error.code, ++failures);
      if (delay === undefined) throw error;
      console.error(`${error.message}; trying again in ${Math.round(delay)} ms`);
      await wait(delay, signal);
    }
  }
}

/** An abort ends the wait at once; the call made next then ends with CANCELLED. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
