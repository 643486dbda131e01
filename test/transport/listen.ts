import {
  connectHttp2,
  type Http2Channel,
  type Http2ChannelOptions,
  type Http2ServerOptions,
  serveHttp2,
} from "../../src/runtime/transport/grpc-h2/index.js";
import type { ListenOptions } from "../../src/runtime/transport/server-transport.js";
import { parseTarget } from "../../src/runtime/transport/target.js";
import type { MethodServers } from "../../src/runtime/transport/transport.js";

/** A server of ours that listens. */
export interface Listening {
  readonly address: string;
  readonly port: number;
  shutdown(graceMs?: number): Promise<void>;
}

export async function listenHttp2(
  methods: MethodServers,
  address = "127.0.0.1:0",
  { tls, ...options }: Http2ServerOptions & ListenOptions = {},
): Promise<Listening> {
  const transport = serveHttp2(methods, options);
  const bound = await transport.listen(address, { tls });
  return { ...bound, shutdown: (graceMs = 0) => transport.shutdown(graceMs) };
}

export function http2Channel(target: string, options: Http2ChannelOptions = {}): Http2Channel {
  const parsed = parseTarget(target, options.tls !== undefined);
  return connectHttp2(parsed, options);
}
