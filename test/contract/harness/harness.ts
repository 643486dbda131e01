import type { ConnectionOptions, TlsOptions } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { type Channel, RpcError, type ServerOptions } from "../../../src/runtime/index.js";
import { NO_BIDI } from "./bidi-tests.js";
import { rawServer } from "./raw-server.js";
import { transports } from "./transports.js";
import { TrialClient, type TrialHandlers, withDefaults } from "./trial-service.js";

/** How a transport (or a pair of them) is set up for one test. */
export interface Transport {
  readonly name: string;
  /**
   * Promises it cannot keep, by the start of the test's title, and why. These tests must fail: when one passes, the
   * line goes.
   */
  readonly cannot: Readonly<Record<string, string>>;
  /** Serves the handlers and connects to them. */
  start(handlers: TrialHandlers, options: ServerOptions, tls?: TlsEnds): Promise<Running>;
  /** Whether it carries bidirectional streams. Without them, tests fail where they begin to use one: {@link NotCarried}. */
  readonly bidi?: false;
  /** Connects to a server of the test's own on 127.0.0.1; undefined for transports without ports. */
  readonly connect: ((port: number) => Channel) | undefined;
}

/** The TLS options of both ends, as `listen` and `connect` take them. */
export interface TlsEnds {
  readonly server: TlsOptions;
  readonly client: ConnectionOptions;
}

/** A server and a channel to it. */
export interface Running {
  readonly channel: Channel;
  /** Where it listens on 127.0.0.1; undefined for transports without ports. */
  readonly port: number | undefined;
  /** Ends the server only. */
  shutdown(graceMs: number): Promise<void>;
}

/** The transport has no bidirectional streams. */
export class NotCarried extends Error {}

/** Whether a test ended because its transport has none: its client told so, or the channel itself. */
function isNotCarried(error: unknown): boolean {
  return error instanceof NotCarried || (error instanceof RpcError && /streams both ways at once/.test(error.details));
}

/** The client of a transport without bidirectional streams. */
class TrialClientWithoutBidi extends TrialClient {
  override readonly bidi = false;

  override chat(): never {
    throw new NotCarried("this transport carries no bidirectional streams");
  }
}

/** What a test of the contract is given. */
export interface Trial {
  /** Serves these handlers over the transport; both ends are closed when the test is over. */
  start(handlers: Partial<TrialHandlers>, options?: ServerOptions): Promise<Running & { readonly client: TrialClient }>;
  /** The same over TLS. */
  startTls(handlers: Partial<TrialHandlers>, tls: TlsEnds, options?: ServerOptions): Promise<TrialClient>;
  /** Connects to a server of the test's own; closed when the test is over. */
  connect(port: number): TrialClient;
  /** Connects to a server that does with each stream what the test says, on Node's HTTP/2 alone. */
  against(onStream: Parameters<typeof rawServer>[0]): Promise<TrialClient>;
}

/** Declares one test of a promise. `needs: "port"`: only where there are ports, for peers that the test writes itself. */
export type Keeps = (title: string, run: (trial: Trial) => Promise<void>, needs?: "port") => void;

/** Runs the tests of some promises over every transport. */
export function contract(promises: string, body: (keeps: Keeps) => void): void {
  for (const transport of transports) {
    const cases: { title: string; run: (trial: Trial) => Promise<void> }[] = [];
    body((title, run, needs) => {
      if (needs !== "port" || transport.connect !== undefined) cases.push({ title, run });
    });
    if (cases.length === 0) continue;
    describe(`${promises} over ${transport.name}`, () => {
      const ends: (() => Promise<void>)[] = [];
      afterEach(async () => {
        for (const end of ends.splice(0).reverse()) await end();
      });
      const begin = async (handlers: Partial<TrialHandlers>, options: ServerOptions, tls?: TlsEnds) => {
        const running = await transport.start(withDefaults(handlers), options, tls);
        ends.push(
          () => running.shutdown(0),
          () => running.channel.close(),
        );
        return running;
      };
      const clientOf = (channel: Channel): TrialClient =>
        transport.bidi === false ? new TrialClientWithoutBidi(channel) : new TrialClient(channel);
      const trial: Trial = {
        async start(handlers, options = {}) {
          const running = await begin(handlers, options);
          return { ...running, client: clientOf(running.channel) };
        },
        async startTls(handlers, tls, options = {}) {
          return clientOf((await begin(handlers, options, tls)).channel);
        },
        connect(port) {
          if (transport.connect === undefined) throw new Error('this test needs: "port"');
          const channel = transport.connect(port);
          ends.push(() => channel.close());
          return clientOf(channel);
        },
        async against(onStream) {
          const server = await rawServer(onStream);
          ends.push(() => server.close());
          return trial.connect(server.port);
        },
      };
      for (const { title, run } of cases) {
        const reason = Object.entries(transport.cannot).find(([start]) => title.startsWith(start))?.[1];
        if (reason === undefined) test(title, () => run(trial));
        // Some hang; nobody needs to wait for them as long as for what must come.
        else if (reason !== NO_BIDI) test.fails(`${title} [${reason}]`, { timeout: 5_000 }, () => run(trial));
        // Up to where it uses one it must hold.
        else test(`${title} [${reason}]`, () => expect(run(trial)).rejects.toSatisfy(isNotCarried));
      }
    });
  }
}

/** The RpcError a promise rejects with; fails where it resolves, or rejects with anything else. */
export async function rejection(promise: Promise<unknown>): Promise<RpcError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RpcError) return error;
    if (error instanceof NotCarried) throw error;
    throw new Error("expected an RpcError", { cause: error });
  }
  throw new Error("expected a rejection");
}

/** Reads to the end, slowly where asked to: what came, and the RpcError it ended with, if any. */
export async function readAll<T>(
  reader: AsyncIterable<T>,
  pause?: () => Promise<unknown>,
): Promise<{ messages: T[]; error: RpcError | undefined }> {
  const messages: T[] = [];
  try {
    for await (const message of reader) {
      messages.push(message);
      if (pause !== undefined) await pause();
    }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { messages, error };
  }
  return { messages, error: undefined };
}

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
