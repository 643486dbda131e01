import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Service } from "../core/service.js";

/** Which pages of other origins may call, and what they may send and read (the Fetch standard, "CORS protocol"). */
export interface CorsOptions {
  /**
   * The origins whose pages may call: `https://app.example.com`, as a browser's `Origin` header says it; `"*"` for all. Pages of the
   * server's own origin may always. Default: no others; their requests are answered with 403.
   */
  readonly origins?: readonly string[] | "*" | undefined;
  /** Headers that pages may send beside those of the protocols: metadata. `"*"` for whatever a page asks for. Default: `authorization`. */
  readonly allowHeaders?: readonly string[] | "*" | undefined;
  /** Headers of answers that pages may read beside those of the protocols: metadata. Default: none. */
  readonly exposeHeaders?: readonly string[] | undefined;
  /** Whether pages may send cookies and the like; not together with `origins: "*"`. Default false. */
  readonly credentials?: boolean | undefined;
  /** Seconds that a browser may keep the answer to a preflight request. Default 7200 (2 hours, Chromium's limit). */
  readonly maxAgeSeconds?: number | undefined;
}

/** What `webDoors` may be told. */
export interface WebDoorsOptions extends CorsOptions {
  /** Takes over connections that ask for another protocol (HTTP/1.1 `Upgrade`), by path: WebSockets. Default: none. */
  readonly upgrade?: Readonly<Record<string, UpgradeHandler>> | undefined;
}

/** Doors for the web, as `webDoors` of `gen-stubs-runtime/web-server` makes them: what `listen` is given, so that who does not want them loads none. */
export interface Doors {
  /** @internal What the transport of a server with these services makes them of. */
  forServices(services: readonly Service<never>[]): Promise<unknown>;
}

/** Takes over a connection at an HTTP/1.1 `Upgrade`. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
