import { inCleanContext } from "../../../core/async-context.js";
import { messageOf } from "../../../core/rpc-error.js";
import { nextTurn } from "../../../core/turn.js";
import type { Dial, DialListener } from "../../grpc-h2/byte-pipe.js";
import { CloseCode, textOfClose } from "../close-codes.js";
import { WebSocketPipe } from "../pipe.js";
import type { WebSocketClass, WebSocketLike } from "../socket.js";

/** Where a WebSocket is opened, and how. */
export interface WebSocketTarget {
  readonly url: URL;
  readonly protocols: readonly string[];
  readonly webSocket: WebSocketClass;
  readonly ticket: (() => Promise<string> | string) | undefined;
}

/** Opens a WebSocket for each connection, with a new ticket where tickets are used. */
export function dialWebSocket(target: WebSocketTarget): Dial {
  return (listener) => inCleanContext(() => dial(target, listener));
}

function dial(target: WebSocketTarget, listener: DialListener): () => void {
  let socket: WebSocketLike | undefined;
  let wanted = true;
  const fail = (reason: string): void => {
    if (wanted) nextTurn((text) => wanted && listener.onDialFailed(text), reason);
  };
  const begin = (url: string): void => {
    if (wanted) socket = open(target, url, listener, () => wanted);
  };
  const giveUp = (): void => {
    wanted = false;
    socket?.close(CloseCode.Normal);
  };
  if (target.ticket === undefined) {
    begin(target.url.href);
    return giveUp;
  }
  void ticketed(target.url, target.ticket).then(
    (url) => {
      try {
        begin(url);
      } catch (error) {
        fail(messageOf(error));
      }
    },
    (error) => fail(`no ticket: ${messageOf(error)}`),
  );
  return giveUp;
}

async function ticketed(url: URL, ticket: () => Promise<string> | string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set("ticket", await ticket());
  return asked.href;
}

/** @throws what the WebSocket's constructor throws, as for a plain `ws:` in a page that came by TLS */
function open(target: WebSocketTarget, url: string, listener: DialListener, wanted: () => boolean): WebSocketLike {
  const { webSocket } = target;
  const socket = target.protocols.length === 0 ? new webSocket(url) : new webSocket(url, [...target.protocols]);
  socket.binaryType = "arraybuffer";
  let opened = false;
  let fault: string | undefined;
  socket.addEventListener("open", () => {
    if (!wanted()) return;
    opened = true;
    listener.onOpen((user) => new WebSocketPipe({ socket, peer: target.url.host }, user));
  });
  // Browsers do not give the reason; other platforms do.
  socket.addEventListener("error", ({ message }) => {
    if (message !== undefined && message !== "") fault ??= message;
  });
  socket.addEventListener("close", ({ code, reason }) => {
    if (!opened && wanted()) listener.onDialFailed(fault ?? textOfClose(code, reason) ?? "the server hung up");
  });
  return socket;
}
