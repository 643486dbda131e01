/** Where a channel goes: what {@link parseTarget} makes of `connect`'s first argument. */
export type Target =
  | { readonly kind: "tcp"; readonly tls: boolean; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly tls: boolean; readonly path: string };

const EXPECTED = "expected http://host:port, https://host:port, unix:/path, dns:///host:port or ipv4:address:port";
const DEFAULT_PORT = { "http:": 80, "https:": 443 } as const;

/**
 * Reads a target. `http:` is plain text and `https:` TLS; for `unix:`, `withTls` says which. Throws a TypeError
 * that names the target and what is wrong with it.
 */
export function parseTarget(target: string, withTls: boolean): Target {
  if (typeof target !== "string") throw badTarget(String(target), `it is ${target === null ? "null" : typeof target}`);
  if (target.startsWith("unix:")) {
    const path = target.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    if (path === "") throw badTarget(target, "the path of the socket is missing");
    return { kind: "unix", tls: withTls, path };
  }
  if (/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d+$/.test(target)) {
    throw badTarget(target, `write http://${target} or https://${target}`);
  }
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined) throw badTarget(target, "it is no URL");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw badTarget(target, `unknown scheme "${url.protocol}"`);
  if (url.username !== "" || url.password !== "") throw badTarget(target, "user and password cannot be part of it");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw badTarget(target, "a path, query or fragment has no meaning in gRPC");
  }
  if (url.protocol === "http:" && withTls) throw badTarget(target, "tls is given, so it should be https://");
  const port = url.port === "" ? DEFAULT_PORT[url.protocol] : Number(url.port);
  return { kind: "tcp", tls: url.protocol === "https:", host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port };
}

function badTarget(target: string, reason: string): TypeError {
  return new TypeError(`cannot connect to "${target}": ${reason}; ${EXPECTED}`);
}
