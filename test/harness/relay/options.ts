import type { NetConnectOpts } from "node:net";

export interface RelayOptions {
  /** Where the server listens: `{ port }`, on 127.0.0.1 without a host, or `{ path }`. */
  readonly target: NetConnectOpts;
  /** Decides sizes and delays; each connection, and each way of it, has numbers of its own. */
  readonly seed: number;
  /** Bytes of the smallest and of the largest piece, 1 and 65 536 without them. As many pieces are between 1 and 2 bytes as between 32 768 and 65 536. */
  readonly minPiece?: number;
  readonly maxPiece?: number;
  /** How many turns of the event loop a piece waits at most, so that others join it; 3 without it. */
  readonly maxTurns?: number;
  /** How many milliseconds one piece in a hundred waits at most; 3 without it. */
  readonly maxDelayMs?: number;
}

/** What one way of a connection goes by. */
export type Manner = Required<Omit<RelayOptions, "target" | "seed">>;

export function mannerOf(options: RelayOptions): Manner {
  const { minPiece = 1, maxPiece = 65_536, maxTurns = 3, maxDelayMs = 3 } = options;
  return { minPiece, maxPiece, maxTurns, maxDelayMs };
}
