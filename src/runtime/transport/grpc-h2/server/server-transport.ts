import { startTimer, stopTimer } from "../../../core/clock.js";
import { Deferred } from "../../../core/deferred.js";
import * as events from "../../../core/diagnostics.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import { nextTurn } from "../../../core/turn.js";
import type { ListenAddress, ServerTls, ServerTransport, TransportListenOptions } from "../../server-transport.js";
import { addStats, statsOf } from "../../stats.js";
import type { ChannelStats, MethodServers } from "../../transport.js";
import type { WebDoors, WebDoorsFactory } from "../../web-doors.js";
import type { OpenPipe } from "../byte-pipe.js";
import { CallCounts } from "../call-counts.js";
import { ServedConnection } from "./served-connection.js";
import { ServerMethodTable } from "./server-method.js";
import type { ResolvedServerOptions } from "./server-options.js";

const SHUTTING_DOWN: StatusObject = statusObject(status.UNAVAILABLE, "the server is shutting down");

/** A socket that is being listened on. */
export interface Listener {
  readonly bound: ListenAddress;
  /** Makes ready what changes the certificates; throws where they are none. Undefined without TLS. */
  prepareTls: ((tls: ServerTls) => () => void) | undefined;
  /** Takes no new connections. Resolves when all are closed. */
  close(): Promise<void>;
  /** Closes connections that are not accepted yet, such as unfinished TLS handshakes. */
  dropRest(): void;
}

/** How a platform listens; `accept` is called for each connection of HTTP/2, and `doors` are given those of HTTP/1.1. */
export type Listen = (
  address: string,
  options: TransportListenOptions,
  limits: ResolvedServerOptions,
  accept: (open: OpenPipe) => void,
  doors: WebDoors | undefined,
) => Promise<Listener>;

/** Answers calls over HTTP/2: on the addresses it listens on, and on connections it is handed. */
export class Http2ServerTransport implements ServerTransport {
  readonly takesWebDoors: boolean = true;
  readonly #servers: MethodServers;
  readonly #methods: ServerMethodTable;
  readonly #options: ResolvedServerOptions;
  readonly #listen: Listen;
  readonly #listeners = new Set<Listener>();
  readonly #counts = new CallCounts();
  readonly #connections = new Set<ServedConnection>();
  readonly #doors: WebDoors[] = [];
  #closed = false;
  #emptied: Deferred<void> | undefined;

  constructor(methods: MethodServers, options: ResolvedServerOptions, listen: Listen) {
    this.#options = options;
    this.#servers = methods;
    this.#methods = new ServerMethodTable(methods, options);
    this.#listen = listen;
  }

  /** Whether it takes no more connections. */
  get closed(): boolean {
    return this.#closed;
  }

  stats(): ChannelStats {
    const connections = [...this.#connections].map((connection) => connection.stats());
    const own = statsOf(connections, 0, this.#counts.now);
    return this.#doors.reduce((sum, doors) => addStats(sum, doors.stats()), own);
  }

  async listen(address: string, options: TransportListenOptions = {}): Promise<ListenAddress> {
    // `Server` gives nothing else.
    const doors = (options.webDoors as WebDoorsFactory | undefined)?.(this.#servers, this.#options);
    if (doors !== undefined) this.#doors.push(doors);
    const accept = (open: OpenPipe): void => this.#take(open, doors);
    const listener = await this.#listen(address, options, this.#options, accept, doors);
    this.#listeners.add(listener);
    if (this.#closed) await listener.close();
    return listener.bound;
  }

  setTls(tls: ServerTls): void {
    // All are made before one is changed: a fault leaves all as they were.
    const changes = [...this.#listeners].flatMap((listener) => listener.prepareTls?.(tls) ?? []);
    if (changes.length === 0) throw new Error("setTls: the server listens on no address with TLS");
    for (const change of changes) change();
  }

  /** Takes a connection that came in some other way. */
  accept(open: OpenPipe): void {
    this.#take(open, undefined);
  }

  async shutdown(graceMs: number): Promise<void> {
    this.#closed = true;
    const closed = [...this.#listeners].map((listener) => listener.close());
    const doorsClosed = this.#doors.map((doors) => doors.shutdown(graceMs));
    if (graceMs > 0 && this.#connections.size > 0) {
      for (const connection of this.#connections) connection.goAway("graceful_stop");
      await this.#empty(graceMs);
    } else {
      // Not from within the caller's stack.
      await new Promise<void>((resolve) => nextTurn(resolve));
    }
    for (const connection of this.#connections) connection.end(SHUTTING_DOWN, "server_shutdown");
    if (this.#connections.size > 0) await this.#empty(undefined);
    await Promise.all(doorsClosed);
    for (const listener of this.#listeners) listener.dropRest();
    await Promise.all(closed);
  }

  /** Resolves when the last connection is closed, or after so many milliseconds. */
  #empty(ms: number | undefined): Promise<void> {
    const emptied = new Deferred<void>();
    this.#emptied = emptied;
    if (ms === undefined) return emptied.promise;
    const timer = startTimer(() => emptied.resolve(), ms);
    return emptied.promise.finally(() => stopTimer(timer));
  }

  #take(open: OpenPipe, doors: WebDoors | undefined): void {
    const connection = new ServedConnection(open, this.#methods, this.#options, this.#counts, this.#onClosed, doors);
    this.#connections.add(connection);
    tell("ready", connection);
    // Accepted before the listening ended, and announced after.
    if (this.#closed) connection.goAway("graceful_stop");
  }

  readonly #onClosed = (connection: ServedConnection): void => {
    this.#connections.delete(connection);
    tell("closed", connection);
    if (this.#connections.size === 0) this.#emptied?.resolve();
  };
}

function tell(state: "ready" | "closed", connection: ServedConnection): void {
  if (!events.connection.hasSubscribers) return;
  const { peer } = connection;
  const reason = state === "closed" ? connection.lost : undefined;
  events.connection.publish({ side: "server", target: peer, peer, state, reason });
}
