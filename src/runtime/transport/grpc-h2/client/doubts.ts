/** How many extra pings a server gets: grpc-go closes the connection at the third. */
const MAX_DOUBTS = 2;

/**
 * Whether to ask a server, out of turn, if it is there: where nothing at all was heard since a call began that ran into its deadline,
 * the link may be dead. Servers do not take more than two such pings kindly, so there are no more until something is heard.
 */
export class Doubts {
  #count = 0;
  #heardAt = 0;

  /** A call that began at `since` ran into its deadline; the last byte came at `heardAt`. Whether to ping. */
  asks(since: number, heardAt: number): boolean {
    if (heardAt >= since) return false;
    if (heardAt > this.#heardAt) this.#count = 0;
    this.#heardAt = heardAt;
    this.#count++;
    return this.#count <= MAX_DOUBTS;
  }
}
