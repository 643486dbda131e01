import type { Work } from "./work.js";

/** One thing that is measured. */
export interface Scenario {
  readonly name: string;
  readonly group: "server stream" | "client stream" | "firehose" | "ping-pong" | "unary" | "TLS";
  readonly work: Work;
  /** Fewer rounds than asked for, and none to warm up: grpc-js takes most of a minute. */
  readonly once?: boolean;
  /** Client and server share the first core (`taskset -c 0`): of a single call on two, idle wake-ups are most of the cost. */
  readonly oneCore?: boolean;
  readonly tls?: boolean;
  /** Of the client to the server; 1 without it. */
  readonly connections?: number;
}

const sizes = [
  { label: "20 B", size: 20, count: 20_000 },
  { label: "1 KB", size: 1_024, count: 10_000 },
  { label: "64 KB", size: 65_536, count: 500 },
];

const pingPong: Work = { call: "pingPong", size: 20, count: 1_000, parallel: 1 };
const single: Work = { call: "unary", size: 20, count: 500, parallel: 1 };
const many: Work = { call: "unary", size: 20, count: 32, parallel: 64 };

function streams(group: Scenario["group"], name: string, call: Work["call"]): Scenario[] {
  return sizes.map(({ label, size, count }) => ({
    name: `${name}, ${label}`,
    group,
    work: { call, size, count, parallel: 1 },
  }));
}

export const scenarios: readonly Scenario[] = [
  ...streams("server stream", "server stream", "serverStream"),
  ...streams("client stream", "client stream", "clientStream"),
  ...streams("firehose", "bidi firehose", "firehose"),
  { name: "bidi ping-pong, 20 B", group: "ping-pong", work: pingPong },
  { name: "bidi ping-pong, 20 B, one core", group: "ping-pong", work: pingPong, oneCore: true },
  { name: "unary, one at a time", group: "unary", work: single },
  { name: "unary, one at a time, one core", group: "unary", work: single, oneCore: true },
  { name: "unary, 64 at once", group: "unary", work: many },
  { name: "unary, 64 connections", group: "unary", work: many, connections: 64 },
  { name: "TLS unary, 64 at once", group: "TLS", work: many, tls: true },
  {
    name: "TLS server stream, 1 KB",
    group: "TLS",
    work: { call: "serverStream", size: 1_024, count: 10_000, parallel: 1 },
    tls: true,
  },
  {
    name: "client stream, 20 B, 200k in one call",
    group: "client stream",
    work: { call: "clientStream", size: 20, count: 200_000, parallel: 1 },
    once: true,
  },
];

/** What doors for browsers are measured by. Their calls cost up to a hundred times more than gRPC's, so the batches are small. */
export const doorScenarios: readonly Scenario[] = [
  {
    name: "server stream, 20 B",
    group: "server stream",
    work: { call: "serverStream", size: 20, count: 1_000, parallel: 1 },
  },
  {
    name: "server stream, 1 KB",
    group: "server stream",
    work: { call: "serverStream", size: 1_024, count: 500, parallel: 1 },
  },
  { name: "unary, one at a time", group: "unary", work: { call: "unary", size: 20, count: 100, parallel: 1 } },
  { name: "unary, 64 at once", group: "unary", work: { call: "unary", size: 20, count: 2, parallel: 64 } },
];
