import { lookup, Resolver } from "node:dns/promises";
import { hostname } from "node:os";
import type { DnsLookups } from "../resolver/dns-resolver.js";

/**
 * The look-ups of Node. Without a server: those of the system, which know `/etc/hosts` and search domains, as Kubernetes needs them.
 *
 * @param server `host:port`, `[v6]:port` or an address alone, of the DNS server to ask
 */
export function nodeDnsLookups(server: string | undefined): DnsLookups {
  const resolver = new Resolver({ timeout: 5_000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  return {
    addresses: (name) => (server === undefined ? bySystem(name) : byServer(resolver, name)),
    srv: (name) => resolver.resolveSrv(name),
    hostname: hostname(),
    txt: async (name) => (await resolver.resolveTxt(name)).map((texts) => texts.join("")),
  };
}

async function bySystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true, order: "verbatim" });
  return found.map(({ address }) => address);
}

/** IPv6 first, as in RFC 8305; connecting alternates between the families. */
async function byServer(resolver: Resolver, name: string): Promise<string[]> {
  const [v6, v4] = await Promise.allSettled([resolver.resolve6(name), resolver.resolve4(name)]);
  if (v6.status === "fulfilled" && v4.status === "fulfilled") return [...v6.value, ...v4.value];
  if (v6.status === "fulfilled") return v6.value;
  if (v4.status === "fulfilled") return v4.value;
  throw v4.reason;
}
