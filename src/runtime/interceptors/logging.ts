import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import { monotonicMs } from "../core/clock.js";
import type { Metadata } from "../core/metadata.js";
import { printable } from "../core/printable.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";

/** What {@link logging} writes, and where. */
export interface LoggingOptions {
  /** Hears one line a call. Default: `console.log`. */
  readonly log?: ((line: string) => void) | undefined;
  /** Keys of request metadata whose values are written; all others are left out. Default: none. */
  readonly metadata?: Iterable<string> | undefined;
}

/** A logger of both sides. */
export interface Logging {
  readonly client: ClientInterceptor;
  readonly server: ServerInterceptor;
}

/** Never written, whatever the options say. */
const SECRET = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);

/**
 * Writes one line for each call once it is over: side, method, code, time, peer, the metadata that was asked for, and the text of a
 * failure. Values that are secrets by their key are `<redacted>`; control characters are escaped.
 *
 * @example
 * ```ts
 * const { client, server } = logging({ metadata: ["x-request-id"] });
 * // server /weather.v1.Weather/Now NOT_FOUND 1.8 ms 10.0.0.7:41522 x-request-id=7f3 "no such place"
 * ```
 */
export function logging(options: LoggingOptions = {}): Logging {
  const log = options.log ?? console.log;
  const keys = [...(options.metadata ?? [])].map((key) => key.toLowerCase());
  const write = (
    side: string,
    path: string,
    code: status,
    ms: number,
    peer: string,
    metadata: Metadata,
    text: string,
  ): void => {
    const failure = text === "" ? "" : ` ${JSON.stringify(text)}`;
    log(printable(`${side} ${path} ${status[code]} ${ms.toFixed(1)} ms ${peer}${shown(metadata, keys)}${failure}`));
  };
  return {
    client: async (call, next) => {
      const { code, details } = await next();
      write("client", call.method.path, code, call.elapsedMs, call.peer, call.metadata, details);
    },
    server: async (call, next) => {
      const began = monotonicMs();
      const done = (code: status, text: string): void =>
        write("server", call.method.path, code, monotonicMs() - began, call.peer, call.metadata, text);
      try {
        await next();
      } catch (error) {
        if (error instanceof RpcError) done(error.code, error.details);
        else done(status.UNKNOWN, messageOf(error));
        throw error;
      }
      done(status.OK, "");
    },
  };
}

function shown(metadata: Metadata, keys: readonly string[]): string {
  return keys
    .flatMap((key) => metadata.get(key).map((value) => ` ${key}=${SECRET.has(key) ? "<redacted>" : textOf(value)}`))
    .join("");
}

function textOf(value: string | Uint8Array): string {
  return typeof value === "string" ? value : `<${value.length} bytes>`;
}
