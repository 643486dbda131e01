import type { AnyMethod, CalledMethod } from "../core/method.js";
import { type EncodedRequest, withEncoded } from "./retry/encoded-request.js";
import {
  limitedMethod,
  type ParsedHedgingPolicy,
  type ParsedMethodConfig,
  type ParsedRetryPolicy,
  type ParsedServiceConfig,
} from "./service-config/index.js";

/** A method as the service config wants it called. */
export interface ConfiguredMethod<InInit, Out> {
  /** With the config's limits on its messages. */
  readonly method: CalledMethod<InInit, Out>;
  /** The same for calls that may be sent again: it takes encoded requests too. */
  readonly replayed: CalledMethod<InInit | EncodedRequest, Out>;
  readonly config: ParsedMethodConfig | undefined;
  readonly retryPolicy: ParsedRetryPolicy | undefined;
  /** Undefined too where the policy is not for this method: see {@link mayHedge}. */
  readonly hedgingPolicy: ParsedHedgingPolicy | undefined;
}

/** `idempotency_level` of the .proto, as descriptors have it. */
const NO_SIDE_EFFECTS = 1;
const IDEMPOTENT = 2;

/** The methods of one channel under one config; unused ones are garbage-collected. */
export class ConfiguredMethods {
  readonly #serviceConfig: ParsedServiceConfig | undefined;
  readonly #known = new WeakMap<object, ConfiguredMethod<never, unknown>>();

  constructor(serviceConfig: ParsedServiceConfig | undefined) {
    this.#serviceConfig = serviceConfig;
  }

  of<InInit, Out>(method: CalledMethod<InInit, Out>): ConfiguredMethod<InInit, Out> {
    const known = this.#known.get(method) as ConfiguredMethod<InInit, Out> | undefined; // by its own method
    if (known !== undefined) return known;
    const config = this.#serviceConfig?.methodConfig(method.path);
    const limited = config === undefined ? method : limitedMethod(method, config);
    const configured: ConfiguredMethod<InInit, Out> = {
      method: limited,
      replayed: { ...limited, request: withEncoded(limited.request) },
      config,
      retryPolicy: config?.retryPolicy,
      hedgingPolicy: config !== undefined && mayHedge(method, config) ? config.hedgingPolicy : undefined,
    };
    this.#known.set(method, configured as ConfiguredMethod<never, unknown>); // its types come back with its method
    return configured;
  }
}

/**
 * A hedged call may run several times. A config that names the method says that this is wanted. One for a whole service, or
 * for all, says it of methods alone that the .proto marks with `idempotency_level`: the others are called once.
 */
function mayHedge(method: AnyMethod, config: ParsedMethodConfig): boolean {
  if (config.exact || method.idempotency !== undefined) return true;
  const level = method.descriptor?.idempotency;
  return level === NO_SIDE_EFFECTS || level === IDEMPOTENT;
}
