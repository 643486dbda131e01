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

  /** Resolves with the resolver's first result: the config of a call is not known before (gRFC A2). */
  get resolved(): Promise<void> {
    return this.#first.promise;
  }

  noteResult(): void {
    this.#first.resolve();
  }
}
