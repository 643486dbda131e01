import type { IncomingMessage } from "node:http";
import type { Metadata } from "../../../core/metadata.js";
import type { Http2ServerOptions } from "../../grpc-h2/server/server-options.js";

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

/** Looks at a request for a WebSocket; its ticket is the query's `ticket`, where the client gives one. */
export type Authorize = (
  request: IncomingMessage,
  ticket: string | undefined,
) => Promise<Metadata | undefined | void> | Metadata | undefined | void;

/** What is otherwise than over TCP: less memory for each page, and frozen tabs are noticed sooner. */
export const WEB_SOCKET_DEFAULTS: Http2ServerOptions = {
  streamWindowBytes: 1024 * 1024,
  maxUnreadBytes: 8 * 1024 * 1024,
  maxUnsentBytes: 4 * 1024 * 1024,
  keepaliveTimeMs: 20_000,
  keepaliveTimeoutMs: 20_000,
};
