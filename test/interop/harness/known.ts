import type { Result } from "./results.js";

/** A difference we know of and cannot mend, with the reason. What is left out matches all. */
export interface Known extends Partial<Pick<Result, "peer" | "ours" | "transport">> {
  readonly suite: string;
  readonly name: string | RegExp;
  readonly reason: string;
  /** It depends on timing: passing is fine too. */
  readonly sometimes?: boolean;
}

const endBeforeReset =
  "grpc-js ends a call that is cancelled or past its deadline with Node's http2stream.close(), which sends END_STREAM " +
  "before RST_STREAM: a server that acts on the end of the stream first takes the call for complete";

export const known: readonly Known[] = [
  {
    suite: "guides",
    ours: "client",
    transport: "grpc-js",
    name: /^(data\.upload_cancel|data\.chat_cancel|chat\.cancel|chat\.deadline)$/,
    reason: endBeforeReset,
    sometimes: true,
  },
  {
    suite: "guides",
    peer: "grpc-js",
    ours: "server",
    name: /^chat\.(cancel|deadline)$/,
    reason: endBeforeReset,
    sometimes: true,
  },
];
