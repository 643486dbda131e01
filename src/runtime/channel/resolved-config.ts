import { Deferred } from "../core/deferred.js";
import type { ParsedServiceConfig, ServiceConfig } from "./service-config/index.js";

/** The service config of a channel whose resolver may bring one: where it brings none, the one that the channel was given. */
export class ResolvedConfig {
  /** The channel's own. */
  readonly given: ServiceConfig | string | undefined;
  /** What holds at this moment. */
  current: ParsedServiceConfig | undefined;
  readonly #first = new Deferred<void>();

  constructor(given: ServiceConfig | string | undefined) {
    this.given = given;
  }

  /** Resolves once the resolver has said anything: before that, nobody knows which config a call has (gRFC A2). */
  get resolved(): Promise<void> {
    return this.#first.promise;
  }

  noteResult(): void {
    this.#first.resolve();
  }
}
