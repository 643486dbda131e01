import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, TLSSocket } from "node:tls";
import { messageOf } from "../../../core/rpc-error.js";
import type { SocketTarget } from "../client/socket-target.js";

/** Below the idle limits of common load balancers and NATs, of which Azure's is the lowest: 240 s. */
const TCP_KEEPALIVE_MS = 200_000;

/**
 * Connects by TCP or a socket of the file system, with TLS, for HTTP/2 alone, where the target asks for it. Calls one of the two, once:
 * `onOpen`, after which errors end in the socket's `close`, or `onFailed` with a reason for people. Returns what gives up.
 *
 * @throws what Node throws for TLS options that cannot be
 */
export function openSocket(
  target: SocketTarget,
  tls: ConnectionOptions | undefined,
  onOpen: (socket: Socket) => void,
  onFailed: (reason: string) => void,
): () => void {
  const socket = begin(target, tls);
  let failure: string | undefined;
  const fail = () => onFailed(failure ?? "the server hung up");
  socket.setNoDelay(true);
  socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
  socket.on("error", (error) => {
    failure ??= reasonOf(error);
    // Node leaves a TLS socket open when the server refuses the client's certificate.
    socket.destroy();
  });
  socket.once("close", fail);
  socket.once(target.tls ? "secureConnect" : "connect", () => {
    const fault = alpnFault(socket);
    if (fault !== undefined) {
      failure = fault;
      socket.destroy();
      return;
    }
    socket.off("close", fail);
    onOpen(socket);
  });
  return () => {
    socket.off("close", fail);
    socket.destroy();
  };
}

/** Begins to connect. The name of the certificate is checked against the target's host, or `tls.servername`. */
function begin(target: SocketTarget, tls: ConnectionOptions | undefined): Socket {
  const place = target.kind === "unix" ? { path: target.path } : { host: target.host, port: target.port };
  if (!target.tls) return connectTcp(place);
  const named = target.kind === "unix" || isIP(target.host) !== 0 ? {} : { servername: target.host };
  return connectTls({ ...named, ...tls, ...place, ALPNProtocols: ["h2"] });
}

function alpnFault(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || socket.alpnProtocol === "h2") return undefined;
  const says = socket.alpnProtocol === false ? "it names no protocol" : `it says ${socket.alpnProtocol}`;
  return `the server does not speak HTTP/2 over TLS (ALPN: ${says})`;
}

function reasonOf(error: Error): string {
  // Happy Eyeballs throws one error for all addresses, without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  const code = "code" in error ? error.code : undefined;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return `the server does not speak TLS: connect with http:// (${error.message.trim()})`;
  }
  return error.message;
}
