import { inCleanContext } from "../../core/async-context.js";
import { soon } from "../../core/turn.js";
import type { ClientConnection, ServerConnection } from "../../h2/index.js";
import { MemoryPair } from "../../h2/memory-pair.js";
import type { BytePipe, Dial, PipeUser } from "./byte-pipe.js";
import type { Http2ServerTransport } from "./server/server-transport.js";

/** How the other end of a connection in memory is called. */
const PEER = "in-process";

/** Connects to a server of the same process: the same frames and endings as over a network, without a socket. */
export function dialMemory(server: Http2ServerTransport): Dial {
  return (listener) => {
    let wanted = true;
    soon(() => {
      if (!wanted) return;
      if (server.closed) listener.onDialFailed("the server was shut down");
      else listener.onOpen((client) => new MemoryPipe(client, server).client);
    });
    return () => {
      wanted = false;
    };
  };
}

/** Both ends of a connection in memory. Bytes arrive outside of any call's asynchronous context (P18). */
class MemoryPipe {
  readonly client: BytePipe;
  #pair: MemoryPair | undefined;
  #open = 2;

  constructor(client: PipeUser, server: Http2ServerTransport) {
    this.client = this.#end(client);
    server.accept((served) => {
      // The users' connections have the roles that their makers gave them.
      const ends = [client.connection as ClientConnection, served.connection as ServerConnection] as const;
      this.#pair = new MemoryPair(...ends, (run) => inCleanContext(() => soon(run)));
      this.#users.push(client, served);
      return this.#end(served);
    });
  }

  readonly #users: PipeUser[] = [];

  #end(_user: PipeUser): BytePipe {
    let finished = false;
    const finish = () => {
      if (finished) return;
      finished = true;
      this.#pair?.finish();
      if (--this.#open === 0) soon(() => this.#closed());
    };
    return {
      peer: PEER,
      outputReady: () => this.#pair?.outputReady(),
      finish,
      destroy: finish,
      keepAlive() {},
    };
  }

  #closed(): void {
    for (const user of this.#users) user.onPipeClosed();
  }
}
