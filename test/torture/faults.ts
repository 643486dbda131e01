import { setTimeout } from "node:timers";
import { Random } from "../harness/random.js";
import type { RelayConnection } from "../harness/relay/index.js";

export type FaultKind =
  | "cut"
  | "reset"
  | "stall"
  | "pause"
  | "half-close to the client"
  | "half-close to the server"
  | "cut of the request"
  | "SIGKILL"
  | "SIGTERM";

const KINDS: readonly FaultKind[] = [
  "cut",
  "cut",
  "reset",
  "reset",
  "stall",
  "pause",
  "half-close to the client",
  "half-close to the server",
  "cut of the request",
  "SIGKILL",
  "SIGTERM",
];

export interface FaultPlanOptions {
  readonly seed: number;
  /** So many faults happen; what comes behind them is let alone, so that a run comes to its end. */
  readonly most: number;
  /** The latest moment, in bytes of a connection. */
  readonly maxOffset: number;
  /** Which way the bytes are counted. */
  readonly counted: "toClient" | "toServer";
  readonly kinds?: readonly FaultKind[];
  kill(signal: "SIGKILL" | "SIGTERM"): void;
}

/** What happens to the connections of one run, and when: a seed decides. */
export class FaultPlan {
  readonly #options: FaultPlanOptions;
  /** What has happened, in order. */
  readonly happened: { readonly kind: FaultKind; readonly offset: number }[] = [];

  constructor(options: FaultPlanOptions) {
    this.#options = options;
  }

  /** Plans the fault of the nth connection. */
  apply(connection: RelayConnection, index: number): void {
    const { seed, most, maxOffset, counted, kinds = KINDS } = this.#options;
    const random = new Random(Math.imul(seed, 0x85ebca6b) + index);
    const kind = random.pick(kinds);
    // As many between 1 and 2 bytes as between half of the greatest and that: handshakes get their part.
    const offset = Math.round(maxOffset ** random.next());
    const early = Math.round(200 ** random.next());
    const way =
      kind === "cut of the request" || kind === "half-close to the server" ? connection.toServer : connection[counted];
    const at = way === connection[counted] ? offset : early;
    way.at(at, () => {
      if (this.happened.length >= most) return;
      this.happened.push({ kind, offset: at });
      this.#cause(kind, connection, random.below(30));
    });
  }

  #cause(kind: FaultKind, connection: RelayConnection, ms: number): void {
    switch (kind) {
      case "cut":
      case "cut of the request":
        connection.close();
        return;
      case "reset":
        connection.reset();
        return;
      case "stall":
        connection.stall();
        return;
      case "pause":
        connection.stall();
        setTimeout(() => connection.resume(), ms);
        return;
      case "half-close to the client":
        connection.toClient.halfClose();
        return;
      case "half-close to the server":
        connection.toServer.halfClose();
        return;
      default:
        this.#options.kill(kind);
        return;
    }
  }
}
