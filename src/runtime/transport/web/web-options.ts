import type { OptionNames } from "../../core/known-options.js";
import type { CorsOptions } from "../web-options.js";

export const CORS_OPTIONS: OptionNames<CorsOptions> = {
  origins: true,
  allowHeaders: true,
  exposeHeaders: true,
  credentials: true,
  maxAgeSeconds: true,
};

/** CORS as it is applied. */
export interface ResolvedCors {
  readonly anyOrigin: boolean;
  readonly origins: ReadonlySet<string>;
  /** Undefined: whatever is asked for. */
  readonly allowHeaders: readonly string[] | undefined;
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** @throws TypeError for what is no origin, and for cookies from everywhere */
export function resolveCors(options: CorsOptions): ResolvedCors {
  const { origins = [], allowHeaders = ["authorization"], exposeHeaders = [], credentials = false } = options;
  const { maxAgeSeconds = 7200 } = options;
  if (origins === "*" && credentials) {
    throw new TypeError('credentials with origins: "*" would let every page act for its visitor; name the origins');
  }
  if (!(maxAgeSeconds >= 0)) throw new TypeError(`maxAgeSeconds must be at least 0, not ${maxAgeSeconds}`);
  return {
    anyOrigin: origins === "*",
    origins: new Set(origins === "*" ? [] : origins.map(originOf)),
    allowHeaders: allowHeaders === "*" ? undefined : allowHeaders.map((name) => name.toLowerCase()),
    exposeHeaders: exposeHeaders.map((name) => name.toLowerCase()),
    credentials,
    maxAgeSeconds,
  };
}

function originOf(given: string): string {
  let url: URL | undefined;
  try {
    url = new URL(given);
  } catch {
    // Below.
  }
  if (url === undefined || given.replace(/\/$/, "") !== `${url.protocol}//${url.host}`) {
    throw new TypeError(`"${given}" is no origin; expected scheme, host and port alone, as https://app.example.com`);
  }
  return `${url.protocol}//${url.host}`;
}
