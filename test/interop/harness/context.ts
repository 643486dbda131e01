import type { Results } from "./results.js";
import type { Python, Toolchains } from "./toolchain.js";

export type Transport = "http2" | "grpc-js";

/** What every suite is given. */
export interface Context {
  readonly results: Results;
  readonly transports: readonly Transport[];
  readonly toolchains: Toolchains;
  /** The built Go peers, where there is Go. */
  readonly goPeers: string | undefined;
  readonly python: Python | undefined;
}
