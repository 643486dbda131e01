import type { Peer } from "./peer.js";

export interface PeerEntry {
  readonly name: string;
  readonly load: () => Promise<Peer>;
}

/** What all ratios are to. */
export const baseline = "grpc-js";

/** Loaded only in their own processes, so that none slows another's code down. */
export const peers: readonly PeerEntry[] = [
  { name: baseline, load: async () => (await import("./peers/grpc-js.js")).peer },
  { name: "gen-stubs", load: async () => (await import("./peers/gen-stubs.js")).http2 },
  { name: "gen-stubs, bytes", load: async () => (await import("./peers/gen-stubs.js")).http2Bytes },
  { name: "gen-stubs on grpc-js", load: async () => (await import("./peers/gen-stubs.js")).grpcJs },
  { name: "gen-stubs on grpc-js, bytes", load: async () => (await import("./peers/gen-stubs.js")).grpcJsBytes },
  { name: "grpc-js, bytes", load: async () => (await import("./peers/grpc-js-bytes.js")).peer },
  { name: "grpc-js, for await", load: async () => (await import("./peers/grpc-js-for-await.js")).peer },
  { name: "proto-loader", load: async () => (await import("./peers/proto-loader.js")).peer },
  { name: "nice-grpc", load: async () => (await import("./peers/nice-grpc.js")).peer },
  { name: "connect-node", load: async () => (await import("./peers/connect-node.js")).peer },
  { name: "node:http2, a write a message", load: async () => (await import("./peers/node-http2.js")).single },
  { name: "node:http2, batched", load: async () => (await import("./peers/node-http2.js")).batched },
];
