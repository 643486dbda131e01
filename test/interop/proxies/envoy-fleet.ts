import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NAME } from "../fleet/name-server.js";
import { cache } from "../harness/paths.js";
import { freePort, untilListening } from "../harness/ports.js";
import { envoy } from "./envoy.js";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface EnvoyFleetOptions {
  readonly endpoints: readonly Endpoint[];
  /** Asks this DNS server of 127.0.0.1 for the servers instead, once a second; `service` is their port. */
  readonly dns?: { readonly port: number; readonly service: number };
  /** Attempts of a call that a server did not take, or answers with UNAVAILABLE. */
  readonly retries?: number;
  /** Asks `grpc.health.v1.Health` every 200 ms. */
  readonly healthChecks?: boolean;
  /** Ejects a server after so many failures in a row. */
  readonly outliers?: number;
}

const typed = (name: string, more: object): object => ({ "@type": `type.googleapis.com/envoy.${name}`, ...more });

function manager({ retries }: EnvoyFleetOptions): object {
  const elsewhere = typed("extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate", {});
  const policy = {
    retry_on: "unavailable,connect-failure,refused-stream,reset",
    num_retries: retries,
    // By default Envoy may try the same server again.
    retry_host_predicate: [{ name: "envoy.retry_host_predicates.previous_hosts", typed_config: elsewhere }],
    host_selection_retry_max_attempts: 3,
  };
  const route = { cluster: "servers", timeout: "0s", ...(retries === undefined ? {} : { retry_policy: policy }) };
  const stats = typed("extensions.filters.http.grpc_stats.v3.FilterConfig", { stats_for_all_methods: true });
  return typed("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
    stat_prefix: "fleet",
    codec_type: "HTTP2",
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route }] }] },
    http_filters: [
      { name: "envoy.filters.http.grpc_stats", typed_config: stats },
      { name: "router", typed_config: typed("extensions.filters.http.router.v3.Router", {}) },
    ],
  });
}

/** Where the cluster's servers come from: a file that Envoy watches, or DNS. */
function discovery({ dns }: EnvoyFleetOptions, endpoints: string): object {
  if (dns === undefined) {
    return { type: "EDS", eds_cluster_config: { eds_config: { path_config_source: { path: endpoints } } } };
  }
  const resolver = typed("extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig", {
    resolvers: [{ socket_address: { address: "127.0.0.1", port_value: dns.port } }],
    dns_resolver_options: { use_tcp_for_dns_lookups: false, no_default_search_domain: true },
  });
  return {
    type: "STRICT_DNS",
    dns_lookup_family: "V4_ONLY",
    dns_refresh_rate: "1s",
    typed_dns_resolver_config: { name: "envoy.network.dns_resolver.cares", typed_config: resolver },
    load_assignment: loadAssignment([{ host: NAME, port: dns.service }]),
  };
}

function cluster(options: EnvoyFleetOptions, endpoints: string): object {
  const { healthChecks, outliers } = options;
  const http2 = typed("extensions.upstreams.http.v3.HttpProtocolOptions", {
    explicit_http_config: { http2_protocol_options: {} },
  });
  const check = {
    timeout: "0.5s",
    interval: "0.2s",
    no_traffic_interval: "0.2s",
    unhealthy_threshold: 1,
    healthy_threshold: 1,
    grpc_health_check: {},
  };
  const outlier = { consecutive_gateway_failure: outliers, consecutive_5xx: outliers, interval: "0.2s" };
  return {
    name: "servers",
    ...discovery(options, endpoints),
    connect_timeout: "1s",
    lb_policy: "ROUND_ROBIN",
    // By default no more than three retries may be under way.
    circuit_breakers: { thresholds: [{ max_retries: 1_000 }] },
    typed_extension_protocol_options: { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http2 },
    ...(healthChecks ? { health_checks: [check] } : {}),
    ...(outliers === undefined
      ? {}
      : {
          outlier_detection: {
            ...outlier,
            enforcing_consecutive_gateway_failure: 100,
            max_ejection_percent: 50,
            base_ejection_time: "60s",
          },
        }),
  };
}

function loadAssignment(endpoints: readonly Endpoint[]): object {
  const all = endpoints.map(({ host, port }) => ({
    endpoint: { address: { socket_address: { address: host, port_value: port } } },
  }));
  return { cluster_name: "servers", endpoints: [{ lb_endpoints: all }] };
}

/** Envoy in front of several servers, or beside a client; its list of servers may change. */
export class EnvoyFleet {
  /** Where it listens, as {@link connect} takes it. */
  readonly target: string;
  readonly #folder: string;
  readonly #admin: number;
  readonly #child: ChildProcess;

  private constructor(target: string, folder: string, admin: number, child: ChildProcess) {
    this.target = target;
    this.#folder = folder;
    this.#admin = admin;
    this.#child = child;
  }

  /** Resolves when it listens. */
  static async start(options: EnvoyFleetOptions): Promise<EnvoyFleet> {
    const folder = join(cache, "proxies", "envoy-fleet");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const [port, admin] = [await freePort(), await freePort()];
    const tcp = (port_value: number): object => ({ socket_address: { address: "127.0.0.1", port_value } });
    const filters = [{ name: "http", typed_config: manager(options) }];
    const bootstrap = {
      node: { id: "one", cluster: "fleet" },
      admin: { address: tcp(admin) },
      static_resources: {
        listeners: [{ name: "grpc", address: tcp(port), filter_chains: [{ filters }] }],
        clusters: [cluster(options, join(folder, "endpoints.json"))],
      },
    };
    await writeEndpoints(folder, options.endpoints);
    return await EnvoyFleet.#run(`http://127.0.0.1:${port}`, folder, admin, "envoy.json", JSON.stringify(bootstrap));
  }

  /** With a configuration of one's own; it must listen at the target, and have its admin's port. */
  static async startWith(target: string, admin: number, yaml: string): Promise<EnvoyFleet> {
    const folder = join(cache, "proxies", "envoy-recipe");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return await EnvoyFleet.#run(target, folder, admin, "envoy.yaml", yaml);
  }

  static async #run(target: string, folder: string, admin: number, name: string, text: string): Promise<EnvoyFleet> {
    await writeFile(join(folder, name), text);
    const flags = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "error", "--drain-time-s", "5"];
    const child = spawn(envoy.command, ["-c", join(folder, name), ...flags], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-1000);
    });
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`Envoy ended with ${code}: ${stderr}`);
    });
    await Promise.race([untilListening(admin, 20_000), ended]);
    ended.catch(() => {});
    const fleet = new EnvoyFleet(target, folder, admin, child);
    await fleet.until((stats) => stats["server.state"] === 0 && (stats["listener_manager.workers_started"] ?? 0) > 0);
    return fleet;
  }

  /** Changes the servers it knows. */
  setEndpoints(endpoints: readonly Endpoint[]): Promise<void> {
    return writeEndpoints(this.#folder, endpoints);
  }

  /** Its counters and gauges, by name. */
  async stats(): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`http://127.0.0.1:${this.#admin}/stats?format=json`);
    const { stats } = (await answer.json()) as { stats: { name?: string; value?: number }[] };
    return Object.fromEntries(stats.flatMap(({ name, value }) => (name && value !== undefined ? [[name, value]] : [])));
  }

  /** Resolves when the counters fit; false where they do not within the time. */
  async until(fits: (stats: Readonly<Record<string, number>>) => boolean, timeoutMs = 15_000): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (!fits(await this.stats())) {
      if (Date.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  /** Says GOAWAY to clients; open calls go on. */
  async drain(): Promise<void> {
    await fetch(`http://127.0.0.1:${this.#admin}/drain_listeners?graceful`, { method: "POST" });
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill(signal);
    await exited;
  }
}

/** Envoy sees files that are moved into place. */
async function writeEndpoints(folder: string, endpoints: readonly Endpoint[]): Promise<void> {
  const resource = typed("config.endpoint.v3.ClusterLoadAssignment", loadAssignment(endpoints));
  const file = join(folder, "endpoints.json");
  await writeFile(`${file}.new`, JSON.stringify({ resources: [resource] }));
  await rename(`${file}.new`, file);
}
