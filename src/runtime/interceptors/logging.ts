import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { ServerInterceptor } from "../call/server/interceptor.js";
import { monotonicMs } from "../core/clock.js";
import type { Metadata } from "../core/metadata.js";
import { printable } from "../core/printable.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";

/** Options of {@link logging}. */
export interface LoggingOptions {
  /** Called with one line for each call. Default: `console.log`. */
  readonly log?: ((line: string) => void) | undefined;
  /** Keys of request metadata whose values are written; all others are left out. Default: none. */
  readonly metadata?: Iterable<string> | undefined;
}

/** A logger of both sides. */
export interface Logging {
  /** For `connect` and for calls. */
  readonly client: ClientInterceptor;
  /** For `new Server` and `server.add`. */
  readonly server: ServerInterceptor;
}

/** Keys with one of these words are redacted, whatever the options say. */
const SECRET =
  /(?:^|[-_.])(?:authorization|cookie|token|secret|password|passwd|credentials?|session|api-?key|jwt)(?:$|[-_.])/;
/** Values that need no quotes: any other could be read as another field of the line. */
const PLAIN = /^[!#-<>-~]+$/;

/**
 * Writes one line for each call once it is over: side, method, code, time, peer, the metadata that was asked for, and the text of a
 * failure. Values that are secrets by their key (`authorization`, `cookie`, `x-api-key`, `…-token`, …) are `<redacted>`; values with
 * spaces are quoted, and control characters are escaped, so that no peer can write a line, or part of one, of its own.
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
    .flatMap((key) => metadata.get(key).map((value) => ` ${key}=${SECRET.test(key) ? "<redacted>" : textOf(value)}`))
    .join("");
}

function textOf(value: string | Uint8Array): string {
  if (typeof value !== "string") return `<${value.length} bytes>`;
  return PLAIN.test(value) ? value : JSON.stringify(value);
}
