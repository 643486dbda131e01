import { onTestFinished } from "vitest";
import { HealthImplementation, HealthService } from "../../../src/runtime/health.js";
import { Server, type ServerOptions } from "../../../src/runtime/index.js";
import type { ListenOptions } from "../../../src/runtime/transport/server-transport.js";
import { type TrialHandlers, TrialService, withDefaults } from "../../contract/harness/trial-service.js";

/** A server that says in each answer where it is. */
export interface TrialServer {
  readonly address: string;
  readonly port: number;
  readonly health: HealthImplementation;
  /** Calls that were served. */
  readonly served: () => number;
  shutdown(graceMs?: number): Promise<void>;
}

/** Listens on `host:port`; gone when the test is over. */
export async function trialServer(
  address: string,
  handlers: Partial<TrialHandlers> = {},
  listen: ListenOptions = {},
  options: ServerOptions = {},
): Promise<TrialServer> {
  let served = 0;
  let self = "";
  const health = new HealthImplementation();
  const server = new Server(options)
    .add(
      TrialService,
      withDefaults({
        greet() {
          served++;
          return { value: self };
        },
        ...handlers,
      }),
    )
    .add(HealthService, health);
  const bound = await server.listen(address, listen);
  self = bound.address;
  const shutdown = (graceMs = 0): Promise<void> => server.shutdown({ graceMs });
  onTestFinished(() => shutdown());
  return { address: bound.address, port: bound.port, health, served: () => served, shutdown };
}
