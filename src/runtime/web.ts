/**
 * The stubs in browsers, Workers, and wherever else there is `fetch`: over the Connect protocol or gRPC-Web. Nothing of Node is in it.
 */
import { type CallCredentials, withCredentials } from "./call/client/credentials.js";
import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import { FetchChannel } from "./transport/fetch/channel.js";
import { type FetchOptions, resolveFetchOptions } from "./transport/fetch/channel-options.js";
import type { Channel } from "./transport/transport.js";

export type { CallOptions } from "./call/client/call-options.js";
export { type CallCredentials, withCredentials } from "./call/client/credentials.js";
export type {
  ClientAnswer,
  ClientInterceptor,
  ClientMessageHooks,
  ClientNext,
  OutgoingCall,
} from "./call/client/interceptor.js";
export type { MetadataInit } from "./call/client/metadata-init.js";
export type { ClientCall, ClientDuplex, ClientReader, ClientWriter } from "./call/client/types.js";
export { CallContext, type ContextKey, contextKey } from "./core/context.js";
export type { DetailOf, DetailSchema, ErrorDetail } from "./core/error-details.js";
export { Metadata, type MetadataValue } from "./core/metadata.js";
export { RpcError, type RpcErrorOptions, type StatusObject } from "./core/rpc-error.js";
export { status } from "./core/status.js";
export type { FetchOptions } from "./transport/fetch/channel-options.js";
export type { MessageCodecs } from "./transport/fetch/message-codecs.js";
export type { Channel, ChannelStats, Compression, ConnectivityState } from "./transport/transport.js";

/** Options of {@link fetchChannel}. */
export interface FetchChannelOptions extends FetchOptions {
  /**
   * Credentials, added to the metadata of every call, inside the interceptors. Without `https:` calls end with UNAUTHENTICATED, unless
   * `credentialsOverPlainText` is true.
   */
  readonly credentials?: CallCredentials | undefined;
  /** Send credentials to `http:` URLs too. Default false. */
  readonly credentialsOverPlainText?: boolean | undefined;
  /** Around every call of the channel; the first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/**
 * A channel over fetch: unary calls and server streams everywhere, client streams where fetch can stream a request's body.
 * What it cannot carry ends with UNIMPLEMENTED; `webSocketChannel` carries all four kinds.
 *
 * @param url where the services are: `https://api.example.com`, with a path in front of them where there is one. In a page it may be
 * relative to it.
 * @throws TypeError for an invalid URL, and for an option that is unknown or not supported by the protocol.
 *
 * @example
 * ```ts
 * const weather = new WeatherClient(fetchChannel("https://api.example.com", { protocol: "connect" }));
 * for await (const reading of weather.watch({ name: "Oslo" })) console.log(reading.celsius);
 * ```
 */
export function fetchChannel(url: string | URL, options: FetchChannelOptions): Channel {
  const { interceptors = [], credentials, credentialsOverPlainText: overPlainText, ...fetchOptions } = options;
  const inner = credentials === undefined ? [] : [withCredentials(credentials, { overPlainText })];
  return withInterceptors(new FetchChannel(parseUrl(url), resolveFetchOptions(fetchOptions)), [
    ...interceptors,
    ...inner,
  ]);
}

function parseUrl(url: string | URL): URL {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location?.href; // typed by what is used of it
  let parsed: URL;
  try {
    parsed = new URL(url, page);
  } catch (cause) {
    throw new TypeError(`fetchChannel needs a URL, as https://api.example.com, not ${JSON.stringify(url)}`, { cause });
  }
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
    throw new TypeError(`fetchChannel needs an http: or https: URL, not ${JSON.stringify(String(url))}`);
  }
  if (parsed.search !== "" || parsed.hash !== "") {
    throw new TypeError(`fetchChannel needs a URL without query and fragment, not ${JSON.stringify(String(url))}`);
  }
  return parsed;
}
