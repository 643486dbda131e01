import { BlockList, isIP } from "node:net";

/** A proxy that the environment names. */
export interface EnvironmentProxy {
  readonly url: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** As gRPC has it (grpc's doc/environment_variables.md): whatever the target's scheme, the first that is set. */
const PROXIES = ["grpc_proxy", "GRPC_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy"] as const;

/** The first that is set is the only one asked. */
const EXCEPTIONS = ["no_grpc_proxy", "NO_GRPC_PROXY", "no_proxy", "NO_PROXY"] as const;

/**
 * The proxy for a host, from the environment. `HTTP_PROXY` in capitals is not read, as it can be a request's header in CGI
 * programs ("httpoxy"). This machine's own addresses need no proxy, as in Go's net/http.
 *
 * @param host a name, or an address without brackets
 */
export function proxyFromEnvironment(host: string, port: number, env: Environment): EnvironmentProxy | undefined {
  const variable = PROXIES.find((name) => isSet(env[name]));
  if (variable === undefined || isLoopback(host)) return undefined;
  const exceptions = EXCEPTIONS.find((name) => isSet(env[name]));
  if (exceptions !== undefined && isExcepted(host, port, env[exceptions] ?? "")) return undefined;
  return { url: env[variable]?.trim() ?? "", variable };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/i.test(host);
}

/**
 * Whether a list excepts a host: `*`, a name (and all below it), `.name` or `*.name` (what is below it alone), an address, a
 * subnet (`10.0.0.0/8`); each but the last may have a port. Separated by commas or spaces. gRPC compares the ends of names,
 * so that `ample.com` would except example.com: here a name ends at a dot, as in curl and Go.
 */
function isExcepted(host: string, port: number, list: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => entry !== "" && excepts(entry, name, port));
}

function excepts(entry: string, host: string, port: number): boolean {
  if (entry === "*") return true;
  const subnet = /^(.+)\/(\d+)$/.exec(entry);
  if (subnet !== null) return inSubnet(host, subnet[1] ?? "", Number(subnet[2]));
  const [name, its] = splitPort(entry);
  if (its !== undefined && its !== port) return false;
  if (isIP(name) !== 0) return inSubnet(host, name, isIP(name) === 4 ? 32 : 128);
  const domain = name.replace(/^\*?\./, "");
  return host.endsWith(`.${domain}`) || (domain === name && host === domain);
}

function splitPort(entry: string): [name: string, port: number | undefined] {
  if (isIP(entry) === 6) return [entry, undefined];
  const [, name = entry, port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return [name.replace(/^\[(.*)\]$/, "$1"), port === undefined ? undefined : Number(port)];
}

function inSubnet(host: string, address: string, prefix: number): boolean {
  const version = isIP(address);
  if (version === 0 || isIP(host) !== version || prefix > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(address, prefix, family);
  return block.check(host, family);
}
