import type { Dial } from "../byte-pipe.js";
import type { DialOptions } from "../client/dial-options.js";
import { withServerName } from "../client/server-name.js";
import type { SocketTarget } from "../client/socket-target.js";
import { dialSocket } from "./dial-socket.js";
import { proxyFor } from "./proxy.js";

/** Whether a target is reached through a proxy or a stream of the user's own, which look its name up. */
export function isTunnelled(target: SocketTarget, { proxy, createConnection }: DialOptions): boolean {
  return createConnection !== undefined || proxyFor(target, proxy, process.env) !== undefined;
}

/**
 * How the addresses of a name are dialled. Where the environment has no proxy for the name, it has none for its addresses; else
 * each is reached through its own. What cannot be is told at once.
 *
 * @param name what certificates must show; undefined where every address is its own name
 * @throws TypeError for options that cannot be
 */
export function routedDial(
  name: string | undefined,
  tls: boolean,
  options: DialOptions,
): (address: SocketTarget) => Dial {
  const env = { ...process.env };
  const place: SocketTarget = { kind: "tcp", tls, host: name ?? "localhost", port: 443 };
  dialSocket(place, options, env);
  const direct = name !== undefined && options.proxy === undefined && proxyFor(place, undefined, env) === undefined;
  const all: DialOptions = {
    tls: withServerName(options.tls, name),
    proxy: direct && options.createConnection === undefined ? false : options.proxy,
    createConnection: options.createConnection,
  };
  return (address) => (listener) => dialSocket(address, all, env)(listener);
}
