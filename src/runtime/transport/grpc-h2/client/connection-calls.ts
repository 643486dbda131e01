import type { status } from "../../../core/status.js";
import type { ClientConnection, Stream } from "../../../h2/index.js";
import type { CallTls } from "../../transport.js";
import type { BytePipe } from "../byte-pipe.js";
import { CallCounts } from "../call-counts.js";
import { CallList } from "../call-list.js";
import { headerLimitOwner, maxSendHeaderBytes } from "../header-limit.js";
import type { Keepalive } from "../keepalive.js";
import type { ResolvedChannelOptions } from "./channel-options.js";
import { Doubts } from "./doubts.js";
import type { CallConnection, CallHost, PendingCall } from "./pending-call.js";
import { ResetBudget } from "./reset-budget.js";

/** The connection, as its calls' side sees it. */
export interface CallsOwner {
  /** Which of the channel's servers; undefined where it has one. */
  readonly server: string | undefined;
  /** Why it is gone, or going. */
  readonly lost: string | undefined;
  /** Whether it takes no new calls any more. */
  readonly closing: boolean;
  /** It is to take no new calls. */
  close(): void;
  /** There may be room for another call. */
  roomChanged(): void;
  /** A call of that host has its status. */
  callEnded(code: status, host: CallHost): void;
}

/** What stands on a connection that is open: HTTP/2, the byte stream under it, and who asks whether the server is there. */
export interface Link {
  readonly engine: ClientConnection;
  readonly pipe: BytePipe;
  readonly keepalive: Keepalive;
}

/** The calls on one connection, and what they see of it. It keeps the process alive while there are any of users. */
export class ConnectionCalls implements CallConnection {
  /** Whether the server took a call, as far as is known. */
  carried = false;
  /** Whether the server refused a call. */
  refused = false;
  readonly #link: Link;
  readonly #options: ResolvedChannelOptions;
  readonly #owner: CallsOwner;
  readonly #open = new CallList<PendingCall>();
  readonly #counts = new CallCounts();
  readonly #resets = new ResetBudget();
  readonly #doubts = new Doubts();
  /** Those of the channel's own (health checks). */
  #quiet = 0;
  #held = false;

  constructor(link: Link, options: ResolvedChannelOptions, owner: CallsOwner) {
    this.#link = link;
    this.#options = options;
    this.#owner = owner;
  }

  get peer(): string {
    return this.#link.pipe.peer;
  }

  get server(): string | undefined {
    return this.#owner.server;
  }

  get tls(): CallTls | undefined {
    return this.#link.pipe.tls;
  }

  get lost(): string | undefined {
    return this.#owner.lost;
  }

  /** How large a block of headers may be sent: what the server takes, and no more than we take. */
  get maxSendHeaderBytes(): number {
    return maxSendHeaderBytes(this.#link.engine.peerSettings.maxHeaderListSize, this.#options.maxMetadataBytes);
  }

  get headerLimitOwner(): string {
    return headerLimitOwner(this.#link.engine.peerSettings.maxHeaderListSize, this.#options.maxMetadataBytes, "server");
  }

  /** Calls of users, without the channel's own. */
  get active(): number {
    return this.#open.size - this.#quiet;
  }

  /** Since the beginning. */
  get counts(): CallCounts["now"] {
    return this.#counts.now;
  }

  get empty(): boolean {
    return this.#open.size === 0;
  }

  /** Whether one more call may begin, as far as it depends on calls. */
  get hasRoom(): boolean {
    return this.#link.engine.availableStreams > 0 && this.#open.size < this.#options.maxStreamsPerConnection;
  }

  request(headers: string[], call: PendingCall): Stream {
    const { engine, pipe, keepalive } = this.#link;
    this.#open.add(call);
    this.#counts.begun();
    if (call.quiet) this.#quiet++;
    else if (this.active === 1) pipe.keepAlive(true);
    if (this.#open.size === 1) keepalive.start();
    return engine.request(headers, false, call);
  }

  release(call: PendingCall): void {
    this.#open.remove(call);
    if (call.quiet) this.#quiet--;
    this.rest();
    if (this.empty) this.#replaceWhenSpent();
    this.#owner.roomChanged();
  }

  noteEnd(code: status, host: CallHost): void {
    this.#counts.ended(code);
    this.#owner.callEnded(code, host);
  }

  noteCarried(): void {
    this.carried = true;
  }

  noteRefused(): void {
    this.refused = true;
  }

  noteReset(): void {
    if (!this.#resets.spend()) this.#owner.close();
  }

  doubt(since: number): void {
    const { engine, keepalive } = this.#link;
    if (this.#doubts.asks(since, engine.lastReceivedAt)) keepalive.probe();
  }

  /** Keeps no process alive, unless there are calls of users, or somebody awaits its end. */
  rest(): void {
    if (this.active === 0 && !this.#held) this.#link.pipe.keepAlive(false);
  }

  /** Keeps the process alive until its end. */
  hold(): void {
    this.#held = true;
    this.#link.pipe.keepAlive(true);
  }

  /** As they are now: for loops that end them. */
  toArray(): PendingCall[] {
    return this.#open.toArray();
  }

  /** Stream ids run out after 2^30 calls. */
  #replaceWhenSpent(): void {
    const { engine } = this.#link;
    if (this.#owner.closing || engine.availableStreams > 0 || engine.openStreams > 0) return;
    if (engine.peerSettings.maxConcurrentStreams > 0) this.#owner.close();
  }
}
