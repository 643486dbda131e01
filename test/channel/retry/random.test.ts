import { expect, test } from "vitest";
import { parseServiceConfig } from "../../../src/runtime/channel/service-config/index.js";
import { withServiceConfig } from "../../../src/runtime/channel/service-config-channel.js";
import type { ByteSink } from "../../../src/runtime/core/codec.js";
import { Metadata } from "../../../src/runtime/core/metadata.js";
import type { CalledMethod } from "../../../src/runtime/core/method.js";
import type { StatusObject } from "../../../src/runtime/core/rpc-error.js";
import { status } from "../../../src/runtime/core/status.js";
import type {
  Channel,
  ChannelStats,
  ClientListener,
  ClientStream,
  StartOptions,
} from "../../../src/runtime/transport/transport.js";

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One byte a message. */
const codec = {
  typeName: "a byte",
  encode(message: number, into: ByteSink) {
    into.reserve(1);
    into.bytes[into.position++] = message;
  },
  decode: (bytes: Uint8Array) => bytes[0] ?? -1,
};
const method: CalledMethod<number, number> = {
  kind: "bidi_streaming",
  path: "/t.T/Chat",
  request: codec,
  response: codec,
};

/** One attempt, of which the test says what its server does. */
class Attempt implements ClientStream<number, number> {
  readonly peer = "nowhere";
  readonly written: number[] = [];
  halfClosed = false;
  over = false;
  told = false;
  messages = 0;
  header = false;
  wantsDrain = false;
  readonly listener: ClientListener;
  readonly #channel: Servers;
  readonly #method: CalledMethod<number, number>;

  constructor(called: CalledMethod<number, number>, listener: ClientListener, channel: Servers) {
    this.#method = called;
    this.listener = listener;
    this.#channel = channel;
  }

  readonly received = {
    waiting: 0,
    next: (): number => {
      this.received.waiting--;
      return 7;
    },
    drop: (): void => {
      this.received.waiting = 0;
    },
  };

  write(message: number): boolean {
    if (this.over) return true;
    const sink: ByteSink = { bytes: new Uint8Array(8), position: 0, reserve() {} };
    this.#method.request.encode(message, sink);
    this.written.push(sink.bytes[0] ?? -1);
    if (this.#channel.chance() < 0.7) return true;
    this.wantsDrain = true;
    return false;
  }

  closeSend(): void {
    this.halfClosed = true;
  }

  cancel(code: status): void {
    if (this.over) return;
    this.#settle(code);
    process.nextTick(() => this.#tell(code));
  }

  /** The server does something. */
  act(): void {
    const chance = this.#channel.chance();
    if (chance < 0.15 && !this.header) {
      this.header = true;
      this.listener.onHeader(new Metadata());
    } else if (chance < 0.35 && this.header) {
      this.received.waiting++;
      this.listener.onReadable();
    } else if (chance < 0.5 && this.wantsDrain) {
      this.wantsDrain = false;
      this.listener.onDrain();
    } else if (chance > 0.75) {
      const codes = [status.OK, status.UNAVAILABLE, status.UNAVAILABLE, status.UNAVAILABLE, status.INTERNAL];
      const code = codes[Math.floor(this.#channel.chance() * codes.length)] ?? status.OK;
      this.#settle(code);
      this.#tell(code);
    }
  }

  #settle(code: status): void {
    this.over = true;
    this.#channel.ended(code);
  }

  #tell(code: status): void {
    expect(this.told).toBe(false);
    this.told = true;
    const metadata = new Metadata();
    const chance = this.#channel.chance();
    if (chance < 0.1) metadata.set("grpc-retry-pushback-ms", chance < 0.05 ? "0" : "-1");
    this.listener.onStatus({ code, details: "", metadata });
  }
}

/** A channel whose every attempt goes to a server of its own. */
class Servers implements Pick<Channel, "start" | "stats"> {
  readonly attempts: Attempt[] = [];
  readonly chance: () => number;
  #succeeded = 0;
  #failed = 0;

  constructor(chance: () => number) {
    this.chance = chance;
  }

  get open(): Attempt[] {
    return this.attempts.filter(({ over }) => !over);
  }

  ended(code: status): void {
    if (code === status.OK) this.#succeeded++;
    else this.#failed++;
  }

  stats(): ChannelStats {
    const calls = { started: this.attempts.length, succeeded: this.#succeeded, failed: this.#failed };
    return { openCalls: this.open.length, waitingCalls: 0, connections: [], queuedBytes: 0, calls };
  }

  start<Out, InInit>(
    called: CalledMethod<InInit, Out>,
    _: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    // The test has one method.
    const attempt = new Attempt(called as unknown as CalledMethod<number, number>, listener, this);
    this.attempts.push(attempt);
    return attempt as unknown as ClientStream<InInit, Out>;
  }
}

const POLICIES = [
  {
    retryPolicy: {
      maxAttempts: 4,
      initialBackoff: "0.001s",
      maxBackoff: "0.001s",
      backoffMultiplier: 1,
      retryableStatusCodes: ["UNAVAILABLE"],
    },
  },
  { hedgingPolicy: { maxAttempts: 3, hedgingDelay: "0s", nonFatalStatusCodes: ["UNAVAILABLE"] } },
  { hedgingPolicy: { maxAttempts: 4, hedgingDelay: "0.001s", nonFatalStatusCodes: ["UNAVAILABLE"] } },
];

/** One call, with whatever happens to it by this seed. */
async function play(seed: number): Promise<void> {
  const chance = random(seed);
  const servers = new Servers(chance);
  const name = [{ service: "t.T", method: "Chat" }];
  const config = {
    methodConfig: [{ name, ...POLICIES[seed % POLICIES.length] }],
    retryThrottling: { maxTokens: 8, tokenRatio: 1 },
  };
  const bufferBytesPerCall = chance() < 0.3 ? 17 * 5 : 1_000_000;
  const inner = servers as unknown as Channel; // what is used of it
  const channel = withServiceConfig(inner, parseServiceConfig(config), { bufferBytesPerCall });
  const sent: number[] = [];
  let ended: StatusObject | undefined;
  let headers = 0;
  const before = (): void => expect(ended, "nothing is heard after the end").toBeUndefined();
  const listener: ClientListener = {
    onHeader: () => {
      before();
      expect(++headers).toBe(1);
    },
    onReadable: before,
    onDrain: before,
    onStatus: (end) => {
      before();
      ended = end;
    },
  };
  const options: StartOptions = {
    metadata: new Metadata(),
    deadline: Number.POSITIVE_INFINITY,
    waitForReady: false,
    compression: "identity",
    highWaterMark: 40,
  };
  const call = channel.start(method, options, listener);
  let halfClosed = false;
  for (let step = 0; ended === undefined; step++) {
    expect(step, "it comes to an end").toBeLessThan(5000);
    const what = chance();
    const open = servers.open;
    if (what < 0.25 && !halfClosed) {
      sent.push(sent.length % 256);
      call.write(sent.length - 1);
    } else if (what < 0.28) {
      halfClosed = true;
      call.closeSend();
    } else if (what < 0.29) call.cancel(status.CANCELLED, "enough");
    else if (what < 0.7 && open.length > 0) open[Math.floor(chance() * open.length)]?.act();
    else await new Promise((resolve) => (open.length === 0 ? setTimeout(resolve, 1) : setImmediate(resolve)));
    // Every attempt has a beginning of what was sent; one that goes on alone has all of it.
    for (const { written } of servers.attempts) expect(written).toEqual(sent.slice(0, written.length));
    for (const { written, over, halfClosed: closed } of servers.attempts) {
      if (over || ended !== undefined) continue;
      expect([written.length, closed]).toEqual([sent.length, halfClosed]);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 3));
  const { calls, openCalls, retries } = channel.stats?.() ?? {};
  expect(servers.open).toEqual([]);
  expect(servers.attempts.length).toBeLessThanOrEqual(4);
  const ok = ended.code === status.OK;
  expect({ openCalls, calls, kept: retries?.bufferedBytes }).toEqual({
    openCalls: 0,
    calls: { started: 1, succeeded: ok ? 1 : 0, failed: ok ? 0 : 1 },
    kept: 0,
  });
  expect((retries?.retries ?? 0) + (retries?.hedges ?? 0)).toBe(servers.attempts.length - 1);
}

test("whatever the servers do and whenever the caller gives up: one end, nothing after it, nothing kept, every message in order", async () => {
  const ends = await Promise.allSettled(
    Array.from({ length: 600 }, async (_, seed) => {
      try {
        await play(seed);
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
    }),
  );
  const failed = ends.filter((end) => end.status === "rejected");
  if (failed[0] !== undefined) throw failed[0].reason;
}, 60_000);
