import type { ServerCall, ServerWriter } from "../call/server/types.js";
import { RpcError } from "../core/rpc-error.js";
import { status as Status } from "../core/status.js";
import type { HealthHandlers } from "./gen/grpc/health/v1/health_grpc.js";
import {
  type HealthCheckRequest,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "./gen/grpc/health/v1/health_pb.js";

/** How a service may be. */
export type HealthStatus = "UNKNOWN" | "SERVING" | "NOT_SERVING";

/** Services that `List` names at most, as in other implementations; more of them are RESOURCE_EXHAUSTED. */
const MAX_LISTED = 100;

/** Answers health checks from what it was told last. One may serve any number of servers. */
export class HealthImplementation implements HealthHandlers {
  readonly #statuses = new Map<string, ServingStatus>();
  readonly #watchers = new Set<() => void>();
  #down = false;

  /** @param initial by full name of the service; "" is the server as a whole. Default: `{ "": "SERVING" }`. */
  constructor(initial: Readonly<Record<string, HealthStatus>> = { "": "SERVING" }) {
    for (const [service, status] of Object.entries(initial)) this.#statuses.set(service, ServingStatus[status]);
  }

  /** Says how a service is from now on. Ignored between `shutdown` and `resume`. */
  set(service: string, status: HealthStatus): void {
    if (this.#down) return;
    this.#statuses.set(service, ServingStatus[status]);
    this.#tell();
  }

  /** All services are NOT_SERVING until `resume`: call it before `server.shutdown`, so that balancers look elsewhere. */
  shutdown(): void {
    this.#down = true;
    this.#setAll(ServingStatus.NOT_SERVING);
  }

  /** All services are SERVING again. */
  resume(): void {
    this.#down = false;
    this.#setAll(ServingStatus.SERVING);
  }

  /** The status of a service; NOT_FOUND for one that was never set. */
  check({ service }: HealthCheckRequest, _call: ServerCall): { status: ServingStatus } {
    const status = this.#statuses.get(service);
    if (status === undefined) throw new RpcError(Status.NOT_FOUND, `unknown service ${service}`);
    return { status };
  }

  /** The status of a service now, and each change; SERVICE_UNKNOWN as long as it was never set. */
  async watch({ service }: HealthCheckRequest, call: ServerWriter<{ status: ServingStatus }>): Promise<void> {
    const { signal } = call;
    let wake = (): void => {};
    const onChange = (): void => wake();
    this.#watchers.add(onChange);
    signal.addEventListener("abort", onChange);
    try {
      let told: ServingStatus | undefined;
      while (!signal.aborted) {
        const status = this.#statuses.get(service) ?? ServingStatus.SERVICE_UNKNOWN;
        if (status !== told) {
          told = status;
          await call.send({ status });
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.#watchers.delete(onChange);
      signal.removeEventListener("abort", onChange);
    }
  }

  /** The status of every service that was set. */
  list(): { statuses: Record<string, { status: ServingStatus }> } {
    if (this.#statuses.size > MAX_LISTED) {
      throw new RpcError(Status.RESOURCE_EXHAUSTED, `more than ${MAX_LISTED} services`);
    }
    const statuses: Record<string, { status: ServingStatus }> = {};
    for (const [service, status] of this.#statuses) statuses[service] = { status };
    return { statuses };
  }

  #setAll(status: ServingStatus): void {
    for (const service of this.#statuses.keys()) this.#statuses.set(service, status);
    this.#tell();
  }

  #tell(): void {
    for (const onChange of this.#watchers) onChange();
  }
}
