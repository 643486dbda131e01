/** What a proxy is told. */
export interface ProxyOptions {
  /** Of the server behind it, on 127.0.0.1. */
  readonly upstream: number;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** A folder of its own, empty. */
  readonly folder: string;
  /** Seconds of silence after which it cuts calls and connections; its default without it. */
  readonly idleSeconds?: number;
}

/** A kind of reverse proxy. */
export interface ProxyKind {
  readonly name: string;
  /** Its program, which may be a path. */
  readonly command: string;
  /** Writes its files, and says how it is started. It stays in the foreground. */
  prepare(options: ProxyOptions): Promise<readonly string[]>;
  /** What makes it read its configuration anew, with as little harm as it can; a signal for the process that was started. */
  readonly reload: NodeJS.Signals | ((options: ProxyOptions) => Promise<void>);
}
