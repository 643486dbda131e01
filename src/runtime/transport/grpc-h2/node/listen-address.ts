import type { Server } from "node:net";
import type { ListenAddress } from "../../server-transport.js";

type Parsed = { readonly path: string } | { readonly host: string | undefined; readonly port: number };

/** Reads `host:port`, `[v6]:port`, `:port` (all interfaces) or `unix:path`. @throws TypeError for anything else. */
export function parseListenAddress(address: string): Parsed {
  if (typeof address !== "string") {
    throw new TypeError(`cannot listen on ${String(address)}: expected a text, host:port, [ipv6]:port or unix:/path`);
  }
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
  const host = match[1] ?? match[2];
  return { host: host === "" ? undefined : host, port };
}

/**
 * Listens; rejects with Node's own error (EADDRINUSE…) where that fails. Without a host: on all interfaces, IPv6 and IPv4,
 * or IPv4 alone where there is no IPv6, which is what Node does by itself.
 */
export async function listenOn(server: Server, address: string, reusePort = false): Promise<ListenAddress> {
  const parsed = parseListenAddress(address);
  if (reusePort) checkReusePort(address, parsed);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...parsed, ...(reusePort ? { reusePort } : {}) }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") return { address, port: 0 };
  if ("host" in parsed && parsed.host === undefined) {
    const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
    return { address: `${host}:${bound.port}`, port: bound.port };
  }
  return { address: `${address.replace(/:\d+$/, "")}:${bound.port}`, port: bound.port };
}

/** Older versions of Node pass over the option, and the second process would find the port taken. */
function checkReusePort(address: string, parsed: Parsed): void {
  if ("path" in parsed) throw new TypeError(`cannot listen on "${address}" with reusePort: it has no port`);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12)) return;
  throw new Error(`reusePort needs Node 22.12 or 23.1, and this is ${process.versions.node}: use node:cluster instead`);
}
