import type { CallOptions, Channel } from "gen-stubs-runtime";

/** One case of a client: throws where the server's part of it was not as expected. `options` carry the call's id. */
export type Case = (channel: Channel, options: CallOptions & { metadata: Record<string, string> }) => Promise<void>;
