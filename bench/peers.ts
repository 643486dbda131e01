import { join } from "node:path";
import { baselineFolder, cargoTarget, goPeer } from "./build/paths.js";
import type { Peer } from "./peer.js";
import type { Scenario } from "./scenarios.js";

export interface PeerEntry {
  readonly name: string;
  /** How its two processes are started. */
  readonly program: Program;
  /** The groups it takes part in; all but TLS without it. */
  readonly groups?: readonly Scenario["group"][];
  /** Its clients can have connections of their own. */
  readonly manyConnections?: boolean;
  /** A way in from browsers: of the unary scenarios, those on all cores. */
  readonly door?: boolean;
}

export type Program =
  /** Node runs the bench's processes, which load the peer. */
  | { readonly kind: "node"; readonly load: () => Promise<Peer> }
  /** The bench's processes as another checkout's runtime carries them: the peer of that name in that folder's `dist`. */
  | { readonly kind: "copy"; readonly peer: string; readonly folder: string }
  /** `command client|server SETUP ...args`. What builds it has its place in build/. */
  | {
      readonly kind: "native";
      readonly toolchain: "go" | "cargo";
      readonly command: string;
      readonly args: readonly string[];
    };

/** What all ratios of throughput are to. */
export const baseline = "grpc-js";
/** Whose processor time is told as a part of each other peer's. */
export const ours = "gen-stubs";

const all = ["server stream", "client stream", "firehose", "ping-pong", "unary", "TLS"] as const;
const node = (load: () => Promise<Peer>): Program => ({ kind: "node", load });
const tonic = (sender: "imperative" | "pull"): Program => ({
  kind: "native",
  toolchain: "cargo",
  command: join(cargoTarget, "release", "bench-tonic"),
  // One thread a process: of its runtimes the cheaper one, by far where calls are few at a time.
  args: [sender, "current"],
});

/** Each door for browsers, and connect-node's beside it. */
export const doors: readonly PeerEntry[] = (["connect", "grpc-web"] as const).flatMap((protocol) => {
  const shown = protocol === "connect" ? "Connect" : "gRPC-Web";
  const door = (name: string, load: () => Promise<Peer>): PeerEntry => ({
    name: `${name}, ${shown}`,
    program: node(load),
    groups: ["unary", "server stream"],
    door: true,
  });
  const beside = (["1.1", "2"] as const).flatMap((httpVersion) =>
    (["gen-stubs", "connect-node"] as const).map((by) =>
      door(`${by}'s server, HTTP/${httpVersion}`, async () =>
        (await import("./peers/doors.js")).served(by, { protocol, httpVersion }),
      ),
    ),
  );
  return [...beside, door("fetchChannel", async () => (await import("./peers/doors.js")).fetched(protocol))];
});

/** Loaded only in their own processes, so that none slows another's code down. */
export const peers: readonly PeerEntry[] = [
  {
    name: baseline,
    program: node(async () => (await import("./peers/grpc-js.js")).peer),
    groups: all,
    manyConnections: true,
  },
  {
    name: ours,
    program: node(async () => (await import("./peers/gen-stubs.js")).http2),
    groups: all,
    manyConnections: true,
  },
  {
    name: "gen-stubs-baseline",
    program: { kind: "copy", peer: ours, folder: baselineFolder },
    groups: all,
    manyConnections: true,
  },
  { name: "gen-stubs, bytes", program: node(async () => (await import("./peers/gen-stubs.js")).http2Bytes) },
  {
    name: "gen-stubs, generated",
    program: node(async () => (await import("./peers/gen-stubs-generated.js")).http2Generated),
    groups: ["server stream", "client stream", "firehose", "ping-pong", "unary"],
  },
  {
    name: "gen-stubs, batches",
    program: node(async () => (await import("./peers/gen-stubs-generated.js")).http2Batches),
    groups: ["server stream", "client stream", "firehose"],
  },
  {
    name: "grpc-go",
    program: { kind: "native", toolchain: "go", command: goPeer, args: [] },
    groups: all,
    manyConnections: true,
  },
  { name: "tonic, imperative", program: tonic("imperative"), groups: all, manyConnections: true },
  { name: "tonic, pull", program: tonic("pull"), groups: all, manyConnections: true },
  {
    name: "TCP echo",
    program: node(async () => (await import("./peers/tcp-echo.js")).peer),
    groups: ["unary"],
    manyConnections: true,
  },
  { name: "gen-stubs on grpc-js", program: node(async () => (await import("./peers/gen-stubs.js")).grpcJs) },
  {
    name: "gen-stubs on grpc-js, bytes",
    program: node(async () => (await import("./peers/gen-stubs.js")).grpcJsBytes),
  },
  { name: "grpc-js, bytes", program: node(async () => (await import("./peers/grpc-js-bytes.js")).peer) },
  { name: "grpc-js, for await", program: node(async () => (await import("./peers/grpc-js-for-await.js")).peer) },
  { name: "proto-loader", program: node(async () => (await import("./peers/proto-loader.js")).peer) },
  { name: "nice-grpc", program: node(async () => (await import("./peers/nice-grpc.js")).peer) },
  { name: "connect-node", program: node(async () => (await import("./peers/connect-node.js")).peer) },
  {
    name: "node:http2, a write a message",
    program: node(async () => (await import("./peers/node-http2.js")).single),
  },
  { name: "node:http2, batched", program: node(async () => (await import("./peers/node-http2.js")).batched) },
  ...doors,
];

/** Whether a peer can take part in a scenario. */
export function takesPart(peer: PeerEntry, { group, connections = 1, oneCore = false }: Scenario): boolean {
  if (peer.door === true && oneCore) return false;
  const groups = peer.groups ?? all.filter((one) => one !== "TLS");
  return groups.includes(group) && (connections === 1 || peer.manyConnections === true);
}
