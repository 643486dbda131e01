import { onTestFinished } from "vitest";
import {
  type Channel,
  connect,
  type MethodConfig,
  type RetryOptions,
  RpcError,
  Server,
  type ServiceConfig,
  status,
} from "../../../src/runtime/index.js";
import "../../../src/runtime/service-config.js"; // so that the first call does not wait for it
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../../contract/harness/trial-service.js";

/** Four attempts, with waits that nobody notices. */
export const RETRY = {
  maxAttempts: 4,
  initialBackoff: "0.01s",
  maxBackoff: "0.02s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
} as const;

export const SERVICE = [{ service: "contract.v1.Trial" }] as const;
const METHODS = ["Greet", "Download", "Upload", "Chat"];
/** Every method by its own name. */
export const EACH = METHODS.map((method) => ({ service: "contract.v1.Trial", method }));

export interface Setting extends Omit<MethodConfig, "name"> {
  readonly name?: MethodConfig["name"];
  readonly throttling?: ServiceConfig["retryThrottling"];
  readonly retries?: RetryOptions | false;
}

export interface SetUp {
  readonly client: TrialClient;
  readonly channel: Channel;
  readonly server: Server;
  readonly port: number;
}

/** A server with these handlers, and a channel to it with such a config for every method. */
export async function setUp(
  handlers: Partial<TrialHandlers>,
  setting: Setting = { retryPolicy: RETRY },
): Promise<SetUp> {
  const server = new Server({ onError: () => {} }).add(TrialService, withDefaults(handlers));
  const { port } = await server.listen("127.0.0.1:0");
  const channel = connectWith(port, setting);
  onTestFinished(() => server.shutdown({ graceMs: 0 }));
  return { client: new TrialClient(channel), channel, server, port };
}

/** A channel with such a config for every method. */
export function connectWith(port: number, setting: Setting = { retryPolicy: RETRY }): Channel {
  const { name = EACH, throttling, retries, ...config } = setting;
  const serviceConfig = { methodConfig: [{ name, ...config }], retryThrottling: throttling };
  const channel = connect(`http://127.0.0.1:${port}`, { serviceConfig, retries });
  onTestFinished(() => channel.close());
  return channel;
}

/** Throws so many times, then no more; counts how often it was asked. */
export function failing(times: number, code: number = status.UNAVAILABLE): (() => void) & { calls: number } {
  const fail = Object.assign(
    () => {
      if (fail.calls++ < times) throw new RpcError(code, `not yet (${fail.calls})`);
    },
    { calls: 0 },
  );
  return fail;
}

/** Throws each time. */
export function alwaysFailing(code: number = status.UNAVAILABLE): (() => never) & { calls: number } {
  const fail = Object.assign(
    (): never => {
      throw new RpcError(code, `not yet (${++fail.calls})`);
    },
    { calls: 0 },
  );
  return fail;
}

/** Waits for `done`, a moment each time. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
}
