import { connect as dial, type Socket } from "node:net";
import { type Channel, connect } from "gen-stubs-runtime";

/** More than the settings of a server. */
const CARRIED = 1000;

/** A channel that knows how many connections it has opened, and can lose them. */
export class Connections {
  readonly channel: Channel;
  readonly #sockets = new Set<Socket>();
  #opened = 0;

  constructor(port: number) {
    this.channel = connect(`http://127.0.0.1:${port}`, {
      createConnection: () => {
        const socket = dial(port, "127.0.0.1");
        this.#opened++;
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket));
        return socket;
      },
    });
  }

  get opened(): number {
    return this.#opened;
  }

  /** Ends the connections that have carried something, by a reset or by an end: one that is being made would teach the channel to wait longer. */
  cut(reset: boolean): void {
    for (const socket of this.#sockets) {
      if (socket.bytesRead < CARRIED) continue;
      if (reset) socket.resetAndDestroy();
      else socket.destroy();
    }
  }
}
