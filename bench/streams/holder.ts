/** A way to hold many open streams: a server that echoes, and a client that opens calls to it and leaves them open. */
export interface Holder {
  /** Serves on a free port; `count` is told +1 and -1 as handlers begin and end. */
  serve(count: (change: 1 | -1) => void): Promise<number>;
  connect(port: number): Opener;
}

export interface Opener {
  /** Opens one bidi call, sends an item and reads it back; resolves with what cancels the call and waits for its status. */
  open(): Promise<() => Promise<void>>;
}
