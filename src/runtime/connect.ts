import { type CallCredentials, withCredentials } from "./call/client/credentials.js";
import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import { configured, type ServiceConfigOptions } from "./service-config-option.js";
import { connectHttp2, type Http2ChannelOptions } from "./transport/grpc-h2/index.js";
import { parseTarget } from "./transport/target.js";
import type { Channel } from "./transport/transport.js";

/** What `connect` may be told. `tls`: Node's TLS options; with `https://` they may be left out. */
export interface ConnectOptions extends Http2ChannelOptions, ServiceConfigOptions {
  /**
   * What proves who calls, added to the metadata of every call, within the interceptors. Only over TLS, unless
   * `credentialsOverPlainText` is true.
   */
  readonly credentials?: CallCredentials | undefined;
  /** Send credentials although others may listen. Default false. */
  readonly credentialsOverPlainText?: boolean | undefined;
  /** Around every call of the channel; the first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/**
 * A channel to a server. It connects when the first call is made.
 *
 * @param target `http://host:port` for plain text, `https://host:port` for TLS, `unix:/path` for a socket,
 * `dns:///host:port` for a name, with TLS where `tls` is given. Throws a TypeError where it is none of these, and for an
 * option that it does not know.
 */
export function connect(target: string, options: ConnectOptions = {}): Channel {
  const { interceptors = [], credentials, credentialsOverPlainText: overPlainText, ...others } = options;
  const { serviceConfig, retries, ...channelOptions } = others;
  const parsed = parseTarget(target, options.tls !== undefined);
  const inner = credentials === undefined ? [] : [withCredentials(credentials, { overPlainText })];
  const channel = configured(connectHttp2(parsed, channelOptions), { serviceConfig, retries });
  return withInterceptors(channel, [...interceptors, ...inner]);
}
