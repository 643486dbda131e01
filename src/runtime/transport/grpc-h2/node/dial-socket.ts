import type { ConnectionOptions } from "node:tls";
import { inCleanContext } from "../../../core/async-context.js";
import type { Dial } from "../byte-pipe.js";
import { nameOf, type SocketTarget } from "../client/socket-target.js";
import { openSocket } from "./open-socket.js";
import { remoteOf, socketPipe } from "./socket-pipe.js";

/** Connects by TCP or a socket of the file system, with TLS where the target asks for it. */
export function dialSocket(target: SocketTarget, tls: ConnectionOptions | (() => ConnectionOptions) | undefined): Dial {
  return (listener) =>
    inCleanContext(() =>
      openSocket(
        target,
        typeof tls === "function" ? tls() : tls,
        (socket) => {
          const peer = remoteOf(socket) ?? nameOf(target);
          listener.onOpen((user) => socketPipe(socket, peer, user));
        },
        (reason) => listener.onDialFailed(reason),
      ),
    );
}
