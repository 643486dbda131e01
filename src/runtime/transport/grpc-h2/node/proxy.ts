import type { ConnectionOptions } from "node:tls";
import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import type { DialOptions, ProxyOptions } from "../client/dial-options.js";
import type { SocketTarget } from "../client/socket-target.js";
import { type Environment, proxyFromEnvironment } from "./proxy-environment.js";

/** A proxy to open tunnels by. */
export interface HttpProxy {
  /** Without user and password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ConnectionOptions | undefined;
}

const NAMES: OptionNames<ProxyOptions> = { url: true, headers: true, tls: true };

/**
 * The proxy for a target: the option's, or the environment's; undefined for none.
 * @throws TypeError for one that is neither http:// nor https://, wherever it comes from.
 */
export function proxyFor(target: SocketTarget, option: DialOptions["proxy"], env: Environment): HttpProxy | undefined {
  if (option === false) return undefined;
  if (option === undefined) {
    if (target.kind === "unix") return undefined;
    const found = proxyFromEnvironment(target.host, target.port, env);
    if (found === undefined) return undefined;
    const { url, variable } = found;
    // As curl has it: a proxy without a scheme is an http:// one.
    return readProxy({ url: url.includes("://") ? url : `http://${url}` }, `the environment's ${variable}`);
  }
  if (target.kind === "unix") throw new TypeError("a unix: target is reached by no proxy: leave the option proxy out");
  const given = typeof option === "string" || option instanceof URL ? { url: option } : option;
  refuseUnknown(given, NAMES, "the option proxy");
  return readProxy(given, "the option proxy");
}

function readProxy({ url: text, headers, tls }: ProxyOptions, source: string): HttpProxy {
  const expected =
    "expected http://host:port or https://host:port, with user:password@ before the host where it asks for them";
  if (!URL.canParse(String(text))) throw new TypeError(`${source} is no URL; ${expected}`); // it may hold a password
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`${source} has the scheme "${url.protocol}", which cannot be used; ${expected}`);
  }
  const { username, password } = url;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
  url.username = "";
  url.password = "";
  return { url, tls, headers: { ...(username === "" ? {} : authorization), ...headers } };
}
