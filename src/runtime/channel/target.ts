import { type Address, addressName, type TcpAddress } from "../transport/routing.js";
import { parseTarget } from "../transport/target.js";

/** Where a target's addresses come from. */
export type AddressSource =
  | { readonly kind: "addresses"; readonly addresses: readonly Address[] }
  | { readonly kind: "dns"; readonly server: string | undefined; readonly host: string; readonly port: number }
  /** A scheme of a resolver of the user's own. */
  | { readonly kind: "custom" };

/** A target that may have many addresses. */
export interface ChannelTarget {
  /** As it was given, for error texts and for resolvers. */
  readonly name: string;
  readonly authority: string;
  readonly tls: boolean;
  /** Whose certificate the servers must show; undefined for that of their own addresses. */
  readonly serverName: string | undefined;
  readonly source: AddressSource;
}

const HTTPS_PORT = 443;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** Whether a target is one of many addresses, or may be: what needs a resolver. */
export function isManifold(target: unknown): target is string | readonly string[] {
  return Array.isArray(target) || (typeof target === "string" && /^(?:dns|ipv4|ipv6):/i.test(target));
}

/**
 * Reads a target as gRPC's naming document has it. For schemes without TLS in their name, `withTls` says.
 *
 * @param custom whether a resolver is given, which may have a scheme of its own
 * @throws TypeError that names the target and what is wrong with it
 */
export function parseChannelTarget(
  target: string | readonly string[],
  withTls: boolean,
  custom: boolean,
): ChannelTarget {
  if (typeof target !== "string") return listTarget(target, withTls);
  const [, scheme = "", rest = ""] = /^([a-z][a-z\d+.-]*):(.*)$/is.exec(target) ?? [];
  switch (scheme.toLowerCase()) {
    case "dns":
      return dnsTarget(target, rest, withTls);
    case "ipv4":
    case "ipv6":
      return addressesTarget(target, rest, withTls);
    case "http":
    case "https":
    case "unix":
      return singleTarget(target, withTls);
    default:
      return custom && rest.length > 0 ? customTarget(target, rest, withTls) : singleTarget(target, withTls);
  }
}

/** `http://name:port`, of which all addresses are meant. */
function singleTarget(target: string, withTls: boolean): ChannelTarget {
  const parsed = parseTarget(target, withTls);
  const { tls } = parsed;
  if (parsed.kind === "unix") return fixed(target, [{ path: parsed.path }], "localhost", tls);
  const { host, port } = parsed;
  return named(target, { host, port }, undefined, tls);
}

/** `dns:host:port`, `dns:///host:port`, or `dns://server/host:port`; the port is 443 where none is given. */
function dnsTarget(target: string, rest: string, tls: boolean): ChannelTarget {
  const match = /^(?:\/\/(?<server>[^/]*)\/)?(?<place>[^/]+)$/.exec(rest);
  const place = placeOf(match?.groups?.["place"] ?? "");
  if (place === undefined) throw bad(target, "it is no dns:///host:port");
  const server = match?.groups?.["server"] ?? "";
  if (server !== "" && (placeOf(server) === undefined || !isAddress(placeOf(server)?.host ?? ""))) {
    throw bad(target, `the DNS server "${server}" is no IP address, with or without a port`);
  }
  return named(target, place, server === "" ? undefined : server, tls);
}

/** `ipv4:a:p,b:p` and `ipv6:[a]:p,[b]:p`; the port is 443 where none is given. */
function addressesTarget(target: string, rest: string, tls: boolean): ChannelTarget {
  const addresses = rest.split(",").map((part) => placeOf(part));
  const wanted = target.toLowerCase().startsWith("ipv4:") ? isV4 : isV6;
  if (!addresses.every((address): address is TcpAddress => address !== undefined && wanted(address.host))) {
    const example = wanted === isV4 ? "ipv4:10.0.0.1:80,10.0.0.2:80" : "ipv6:[2001:db8::1]:80,[2001:db8::2]:80";
    throw bad(target, `it is no list of addresses such as ${example}`);
  }
  return fixed(target, addresses, addressName(addresses[0]!), tls);
}

/** Several targets of one address each: copies of one server. */
function listTarget(targets: readonly string[], withTls: boolean): ChannelTarget {
  const [first, ...others] = targets.map((target) => parseTarget(target, withTls));
  const name = targets.length > 2 ? `${targets[0]} and ${targets.length - 1} others` : targets.join(",");
  if (first === undefined) throw bad("", "the list of addresses is empty");
  if (others.some(({ tls }) => tls !== first.tls)) throw bad(name, "some of the list are https:// and some http://");
  const addresses = [first, ...others].map(
    (one): Address => (one.kind === "unix" ? { path: one.path } : { host: one.host, port: one.port }),
  );
  const authority = first.kind === "unix" ? "localhost" : addressName(addresses[0]!);
  return fixed(name, addresses, authority, first.tls);
}

/** `scheme:///name` or `scheme://server/name`: the name is what certificates and `:authority` say. */
function customTarget(target: string, rest: string, tls: boolean): ChannelTarget {
  const authority = rest.replace(/^\/\/[^/]*\//, "").replace(/^\//, "");
  if (!/^[^\s,]+$/.test(authority)) throw bad(target, "it is no scheme:///name");
  const serverName = placeOf(authority)?.host ?? authority;
  return { name: target, authority, tls, serverName, source: { kind: "custom" } };
}

function named(name: string, place: TcpAddress, server: string | undefined, tls: boolean): ChannelTarget {
  const authority = addressName(place);
  if (isAddress(place.host)) return fixed(name, [place], authority, tls);
  const { host, port } = place;
  return { name, authority, tls, serverName: host, source: { kind: "dns", server, host, port } };
}

function fixed(name: string, addresses: readonly Address[], authority: string, tls: boolean): ChannelTarget {
  return { name, authority, tls, serverName: undefined, source: { kind: "addresses", addresses } };
}

/** `host`, `host:port`, `[v6]:port` or a bare v6. */
function placeOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const match =
    /^\[(?<v6>[\da-f:.]+)\](?::(?<port>\d{1,5}))?$/i.exec(text) ??
    /^(?<v6>[\da-f]*:[\da-f:.]*:[\da-f:.]*)$/i.exec(text) ??
    /^(?<host>[^:/[\],\s]+)(?::(?<port>\d{1,5}))?$/.exec(text);
  const groups = match?.groups;
  if (groups === undefined) return undefined;
  const port = groups["port"] === undefined ? HTTPS_PORT : Number(groups["port"]);
  if (port > 65_535) return undefined;
  return { host: groups["v6"] ?? groups["host"] ?? "", port };
}

function isV4(host: string): boolean {
  return IPV4.test(host);
}

function isV6(host: string): boolean {
  return host.includes(":");
}

function isAddress(host: string): boolean {
  return isV4(host) || isV6(host);
}

function bad(target: string, reason: string): TypeError {
  const expected =
    "http://host:port, https://host:port, unix:/path, dns:///host:port, ipv4:address:port or a list of them";
  return new TypeError(`cannot connect to "${target}": ${reason}; expected ${expected}`);
}
