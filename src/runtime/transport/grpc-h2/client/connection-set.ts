import type { ChannelConnection } from "./channel-connection.js";

/** The connections to one address: open, being opened, or being closed. */
export class ConnectionSet {
  readonly all: Set<ChannelConnection> = new Set();
  /** The connection that had room last. */
  #current: ChannelConnection | undefined;

  /** Calls on them. */
  get active(): number {
    let active = 0;
    for (const connection of this.all) active += connection.active;
    return active;
  }

  /** Whether calls may begin on one, or could if there were room. */
  get ready(): boolean {
    for (const connection of this.all) if (connection.ready) return true;
    return false;
  }

  /** Whether one stays, or comes. */
  get staying(): boolean {
    for (const connection of this.all) if (!connection.closing) return true;
    return false;
  }

  /** A connection on which a call may begin. */
  withRoom(): ChannelConnection | undefined {
    if (this.#current?.hasRoom) return this.#current;
    this.#current = undefined;
    for (const connection of this.all) if (connection.hasRoom) this.#current ??= connection;
    return this.#current;
  }

  /** This one takes no calls any more. */
  closing(connection: ChannelConnection): void {
    if (this.#current === connection) this.#current = undefined;
  }

  /** Whether there is sense in one more: there are fewer than so many, and the server allows calls. */
  mayGrow(limit: number): boolean {
    let open = 0;
    for (const connection of this.all) {
      if (connection.barred) return false;
      if (!connection.closing) open++;
    }
    return open < limit;
  }

  /** Why no call may begin on those that are ready, for people; undefined where none is. */
  whyNoRoom(name: string): string | undefined {
    for (const connection of this.all) {
      if (connection.barred) return `${name} to allow calls: it says SETTINGS_MAX_CONCURRENT_STREAMS 0`;
      if (connection.ready) return `a connection to ${name} with room for another call`;
    }
    return undefined;
  }
}
