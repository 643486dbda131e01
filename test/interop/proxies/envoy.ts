import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../harness/paths.js";
import type { ProxyKind, ProxyOptions } from "./proxy.js";

const typed = (name: string, more: object): object => ({ "@type": `type.googleapis.com/envoy.${name}`, ...more });

/** The listener is read from a file that Envoy watches: a new version drains the old one. */
function listener({ port, idleSeconds }: ProxyOptions, version: number, web: boolean): object {
  const manager = typed("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
    stat_prefix: `version_${version}`,
    codec_type: web ? "AUTO" : "HTTP2",
    // Streams have no end by themselves.
    stream_idle_timeout: `${idleSeconds ?? 300}s`,
    ...(idleSeconds === undefined ? {} : { common_http_protocol_options: { idle_timeout: `${idleSeconds}s` } }),
    route_config: {
      virtual_hosts: [
        {
          name: "all",
          domains: ["*"],
          routes: [{ match: { prefix: "/" }, route: { cluster: "servers", timeout: "0s" } }],
        },
      ],
    },
    http_filters: [
      ...(web ? [{ name: "web", typed_config: typed("extensions.filters.http.grpc_web.v3.GrpcWeb", {}) }] : []),
      { name: "router", typed_config: typed("extensions.filters.http.router.v3.Router", {}) },
    ],
  });
  return {
    resources: [
      typed("config.listener.v3.Listener", {
        name: "grpc",
        address: { socket_address: { address: "127.0.0.1", port_value: port } },
        filter_chains: [{ filters: [{ name: "http", typed_config: manager }] }],
      }),
    ],
  };
}

function bootstrap({ upstream, folder }: ProxyOptions): object {
  const http2 = typed("extensions.upstreams.http.v3.HttpProtocolOptions", {
    explicit_http_config: { http2_protocol_options: {} },
  });
  const endpoint = { endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: upstream } } } };
  return {
    node: { id: "one", cluster: "interop" },
    dynamic_resources: { lds_config: { path_config_source: { path: join(folder, "listener.json") } } },
    static_resources: {
      clusters: [
        {
          name: "servers",
          connect_timeout: "5s",
          typed_extension_protocol_options: { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http2 },
          load_assignment: { cluster_name: "servers", endpoints: [{ lb_endpoints: [endpoint] }] },
        },
      ],
    },
  };
}

let version = 0;

/** Envoy sees files that are moved into place. */
async function writeListener(options: ProxyOptions, web = false): Promise<void> {
  const file = join(options.folder, "listener.json");
  await writeFile(`${file}.new`, JSON.stringify(listener(options, ++version, web)));
  await rename(`${file}.new`, file);
}

export const envoyVenv: string = join(cache, "envoy");

/** How Envoy is run; with its `grpc_web` filter it takes gRPC-Web over HTTP/1.1 and HTTP/2, and makes gRPC of it. */
const envoyAs = (name: string, web: boolean): ProxyKind => ({
  name,
  command: join(envoyVenv, "bin", "envoy"),
  async prepare(options) {
    await writeListener(options, web);
    const file = join(options.folder, "envoy.json");
    await writeFile(file, JSON.stringify(bootstrap(options)));
    const drain = ["--drain-time-s", "30", "--drain-strategy", "immediate"];
    return ["-c", file, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error", ...drain];
  },
  reload: (options) => writeListener(options, web),
});

export const envoy: ProxyKind = envoyAs("Envoy", false);
export const envoyGrpcWeb: ProxyKind = envoyAs("Envoy's grpc_web", true);
