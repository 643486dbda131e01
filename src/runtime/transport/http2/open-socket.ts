import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { SocketTarget } from "./socket-target.js";

/** Begins to connect. The name of the certificate is checked against the target's host, or `tls.servername`. */
export function openSocket(target: SocketTarget, tls: ConnectionOptions | undefined): Duplex {
  const place = target.kind === "unix" ? { path: target.path } : { host: target.host, port: target.port };
  if (!target.tls) return connectTcp(place);
  const named = target.kind === "unix" || isIP(target.host) !== 0 ? {} : { servername: target.host };
  return connectTls({ ...named, ...tls, ...place, ALPNProtocols: ["h2"] });
}
