import type { Server } from "node:net";
import type { ListenAddress } from "../server-transport.js";

type Parsed = { readonly path: string } | { readonly host: string; readonly port: number };

/** Reads `host:port`, `[v6]:port`, `:port` (all interfaces) or `unix:path`. @throws TypeError for anything else. */
export function parseListenAddress(address: string): Parsed {
  if (address.startsWith("unix:")) {
    const path = address.replace(/^unix:(\/\/(?=\/))?/, "");
    if (path === "") throw new TypeError(`cannot listen on "${address}": the path of the socket is missing`);
    return { path };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new TypeError(`cannot listen on "${address}": expected host:port, [ipv6]:port or unix:/path`);
  }
  return { host: match[1] ?? (match[2] === "" ? "::" : match[2]!), port };
}

/** Listens; rejects with Node's own error (EADDRINUSE…) where that fails. */
export async function listenOn(server: Server, address: string): Promise<ListenAddress> {
  const parsed = parseListenAddress(address);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(parsed, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") return { address, port: 0 };
  // All interfaces: a client needs a host to connect to.
  const host = address.startsWith(":") ? "localhost" : address.replace(/:\d+$/, "");
  return { address: `${host}:${bound.port}`, port: bound.port };
}
