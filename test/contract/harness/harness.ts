import { afterEach, describe, test } from "vitest";
import type { Channel, ServerOptions } from "../../../src/runtime/index.js";
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
  start(handlers: TrialHandlers, options: ServerOptions): Promise<Running>;
}

/** A server and a channel to it. */
export interface Running {
  readonly channel: Channel;
  /** Ends the server only. */
  shutdown(graceMs: number): Promise<void>;
}

/** What a test of the contract is given. */
export interface Trial {
  /** Serves these handlers over the transport; both ends are closed when the test is over. */
  start(handlers: Partial<TrialHandlers>, options?: ServerOptions): Promise<Running & { readonly client: TrialClient }>;
}

/** Runs the tests of some promises over every transport. */
export function contract(
  promises: string,
  body: (keeps: (title: string, run: (trial: Trial) => Promise<void>) => void) => void,
): void {
  for (const transport of transports) {
    describe(`${promises} over ${transport.name}`, () => {
      const running: Running[] = [];
      afterEach(async () => {
        for (const { channel, shutdown } of running.splice(0)) {
          await channel.close();
          await shutdown(0);
        }
      });
      const trial: Trial = {
        async start(handlers, options = {}) {
          const started = await transport.start(withDefaults(handlers), options);
          running.push(started);
          return { ...started, client: new TrialClient(started.channel) };
        },
      };
      body((title, run) => {
        const reason = Object.entries(transport.cannot).find(([start]) => title.startsWith(start))?.[1];
        if (reason === undefined) test(title, () => run(trial));
        else test.fails(`${title} [${reason}]`, () => run(trial));
      });
    });
  }
}

/** Resolves when `ready` says so, asking after each turn of the event loop; for what has no event of its own. */
export async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** What a promise rejects with; fails where it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}
