import type { BenchClient } from "./peer.js";

/** One thing that is measured: what one batch does, and how many messages that is. */
export interface Scenario {
  readonly name: string;
  readonly group: "server stream" | "client stream" | "firehose" | "ping-pong" | "unary";
  readonly messages: number;
  /** Fewer rounds than asked for, and none to warm up: grpc-js takes most of a minute. */
  readonly once?: boolean;
  readonly batch: (client: BenchClient) => Promise<unknown>;
}

const sizes = [
  { label: "20 B", bytes: 20, count: 20_000 },
  { label: "1 KB", bytes: 1_024, count: 10_000 },
  { label: "64 KB", bytes: 65_536, count: 500 },
];

export const scenarios: readonly Scenario[] = [
  ...sizes.map(
    ({ label, bytes, count }): Scenario => ({
      name: `server stream, ${label}`,
      group: "server stream",
      messages: count,
      batch: (client) => client.serverStream(bytes, count),
    }),
  ),
  ...sizes.map(
    ({ label, bytes, count }): Scenario => ({
      name: `client stream, ${label}`,
      group: "client stream",
      messages: count,
      batch: (client) => client.clientStream(bytes, count),
    }),
  ),
  ...sizes.map(
    ({ label, bytes, count }): Scenario => ({
      name: `bidi firehose, ${label}`,
      group: "firehose",
      messages: count,
      batch: (client) => client.firehose(bytes, count),
    }),
  ),
  {
    name: "bidi ping-pong, 20 B",
    group: "ping-pong",
    messages: 1_000,
    batch: (client) => client.pingPong(20, 1_000),
  },
  {
    name: "unary, one at a time",
    group: "unary",
    messages: 500,
    async batch(client) {
      for (let i = 0; i < 500; i++) await client.unary(20);
    },
  },
  {
    name: "unary, 64 at once",
    group: "unary",
    messages: 2_048,
    batch: (client) =>
      Promise.all(
        Array.from({ length: 64 }, async () => {
          for (let i = 0; i < 32; i++) await client.unary(20);
        }),
      ),
  },
  {
    name: "client stream, 20 B, 200k in one call",
    group: "client stream",
    messages: 200_000,
    once: true,
    batch: (client) => client.clientStream(20, 200_000),
  },
];
