import type { ClientReader } from "gen-stubs-runtime";
import { resume } from "gen-stubs-runtime/resume";
import type { DataServiceClient } from "../gen/data_grpc.js";
import type { DataUpdate } from "../gen/data_pb.js";

/**
 * Updates of the topics, for as long as the caller reads them: a connection that is lost is made again, and goes on
 * behind the last update seen. Ends with CANCELLED when `signal` aborts; throws what another try cannot mend.
 */
export function subscribe(
  client: DataServiceClient,
  topics: string[],
  options: { signal?: AbortSignal } = {},
): ClientReader<DataUpdate> {
  return resume((last: bigint = -1n) => client.subscribeData({ topics, since: last + 1n }), {
    token: ({ timestamp }) => timestamp,
    initialBackoffMs: 100,
    maxBackoffMs: 10_000,
    // A server that is silent for 30 s may be gone without a word: ask again.
    idleTimeoutMs: 30_000,
    signal: options.signal,
    onResume: ({ error, delayMs }) => console.error(`${error?.message}; trying again in ${Math.round(delayMs)} ms`),
  });
}
