import { connectHttp2, type Http2ChannelOptions, Http2ServerTransport } from "../http2/index.js";
import type { Channel, MethodServers } from "../transport.js";
import { duplexPair } from "./duplex-pair.js";

/** The two ends of an in-process connection. */
export interface InProcess {
  readonly channel: Channel;
  readonly transport: Http2ServerTransport;
}

/** Our HTTP/2 over memory instead of a socket: the same frames, limits and endings, without a port. */
export function connectInProcess(methods: MethodServers, options: Http2ChannelOptions = {}): InProcess {
  const transport = new Http2ServerTransport(methods);
  const channel = connectHttp2({ kind: "tcp", tls: false, host: "in-process", port: 80 }, options, () => {
    const [client, server] = duplexPair();
    transport.accept(server);
    return client;
  });
  return { channel, transport };
}
