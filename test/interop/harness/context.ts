import type { Results } from "./results.js";
import type { Python, Toolchains } from "./toolchain.js";

export type Transport = "http2" | "grpc-js";

/** What every suite is given. */
export interface Context {
  readonly results: Results;
  readonly transports: readonly Transport[];
  readonly toolchains: Toolchains;
  /** The peers of the guides that are asked for; all without it. */
  readonly peers: readonly string[] | undefined;
  /** The built Go peers, where there is Go. */
  readonly goPeers: string | undefined;
  readonly python: Python | undefined;
  /** The program of the peers in Rust, where there is cargo. */
  readonly tonic: string | undefined;
  /** The classpath of the peers in Java, where there is Maven. */
  readonly javaClasses: string | undefined;
}
