import type { TcpAddress } from "../../transport/routing.js";
import { type PolicyClock, systemClock } from "../clock.js";
import { RefreshingResolver } from "./refreshing-resolver.js";
import type { ResolverFactory, ResolverResult } from "./resolver.js";
import { chooseServiceConfig } from "./txt-service-config.js";

/** How names are looked up. */
export interface DnsOptions {
  /** Milliseconds from one look-up to the next. Default 30000; Infinity for looking up only when connections are lost. */
  readonly refreshMs?: number | undefined;
  /** The fewest milliseconds between look-ups when connections are lost. Default 30000, as in other gRPC clients. */
  readonly minRefreshMs?: number | undefined;
  /**
   * Look up SRV records: those of the name as it is, where it begins with an underscore, else those of `_grpc._tcp.` and the name. Port
   * and weight are theirs; of several priorities the first counts (RFC 2782). Default false.
   */
  readonly srv?: boolean | undefined;
  /**
   * Take the service config from the TXT record `_grpc_config.` and the name (gRFC A2). Default false, as the owner of the DNS name could
   * otherwise change how calls are made.
   */
  readonly serviceConfig?: boolean | undefined;
}

/** One SRV record. */
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** The look-ups of a platform. They reject where a name, or such a record of it, does not exist. */
export interface DnsLookups {
  /** IPv4 and IPv6, in the order that the system gives. */
  addresses(name: string): Promise<readonly string[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** The texts of each record, joined. */
  txt(name: string): Promise<readonly string[]>;
  /** The host name of this machine; undefined where the platform has none. */
  readonly hostname?: string | undefined;
}

/** What is looked up. */
export interface DnsName {
  readonly host: string;
  readonly port: number;
}

/** Names by DNS. */
export function dnsResolver(
  { host, port }: DnsName,
  lookups: DnsLookups,
  options: DnsOptions = {},
  clock: PolicyClock = systemClock,
): ResolverFactory {
  const { refreshMs = 30_000, minRefreshMs = 30_000, srv = false, serviceConfig = false } = options;
  const lookUp = async (): Promise<ResolverResult> => {
    const [addresses, config] = await Promise.all([
      srv ? bySrv(host, lookups) : byHost(host, port, lookups),
      serviceConfig ? configOf(host, lookups) : undefined,
    ]);
    return { addresses, serviceConfig: config };
  };
  return (_, listener) => new RefreshingResolver(lookUp, listener, { refreshMs, minRefreshMs }, clock);
}

async function byHost(host: string, port: number, lookups: DnsLookups, weight?: number): Promise<TcpAddress[]> {
  const found = await lookups.addresses(host);
  return found.map((address) => ({ host: address, port, ...(weight === undefined ? {} : { weight }) }));
}

/** The servers of the lowest priority. A weight of 0 is a small one (RFC 2782). */
async function bySrv(host: string, lookups: DnsLookups): Promise<TcpAddress[]> {
  const records = await lookups.srv(host.startsWith("_") ? host : `_grpc._tcp.${host}`);
  const first = Math.min(...records.map(({ priority }) => priority));
  const servers = records.filter(({ priority, name }) => priority === first && name !== "" && name !== ".");
  const found = await Promise.all(
    servers.map(({ name, port, weight }) => byHost(name, port, lookups, weight === 0 ? 0.1 : weight)),
  );
  return found.flat();
}

/** Undefined where there is no such record: most names have none. */
async function configOf(host: string, lookups: DnsLookups): Promise<unknown> {
  const texts = await lookups.txt(`_grpc_config.${host}`).catch(() => []);
  return chooseServiceConfig(texts, Math.random() * 100, lookups.hostname);
}
