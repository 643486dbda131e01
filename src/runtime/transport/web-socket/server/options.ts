import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import { type Http2ServerOptions, SERVER_OPTIONS } from "../../grpc-h2/server/server-options.js";
import { checkPath } from "./attach.js";
import type { Authorize, UpgradeOptions } from "./upgrades.js";

/** Who is let in by WebSocket, and what is accepted of them. */
export interface WebSocketServerOptions extends Http2ServerOptions {
  /** Where clients connect, as the path of the URL. Default `/grpc`. */
  readonly path?: string | undefined;
  /**
   * The pages that may connect, by their origins: `["https://app.example.com"]`; `"*"` for every one. Default: pages of the same host
   * and port. What is no browser sends no Origin and is let in.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * Asked before a connection is taken: throws, or rejects, to refuse it, where an RpcError's details are told to the client. What it
   * gives stands in the metadata of every call of the connection, in place of what the client sends under these names.
   */
  readonly authorize?: Authorize | undefined;
}

/** What is otherwise than over TCP: less memory for each page, and frozen tabs are noticed sooner. */
const DEFAULTS: Http2ServerOptions = {
  streamWindowBytes: 1024 * 1024,
  maxUnreadBytes: 8 * 1024 * 1024,
  maxUnsentBytes: 4 * 1024 * 1024,
  keepaliveTimeMs: 20_000,
};

const NAMES: OptionNames<WebSocketServerOptions> = { ...SERVER_OPTIONS, path: true, origins: true, authorize: true };

/** Takes apart what concerns WebSockets and what concerns HTTP/2. @throws TypeError for what cannot be (P17). */
export function splitServerOptions(
  options: WebSocketServerOptions,
): Omit<UpgradeOptions, "refusal" | "onOpen"> & { readonly path: string; readonly http2: Http2ServerOptions } {
  refuseUnknown(options, NAMES, "a WebSocket entry");
  const { path = "/grpc", origins, authorize, maxConnections = Number.POSITIVE_INFINITY, ...rest } = options;
  checkPath(path);
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const http2 = { ...DEFAULTS, ...given };
  return { path, origins, authorize, maxConnections, handshakeTimeoutMs: rest.handshakeTimeoutMs ?? 10_000, http2 };
}
