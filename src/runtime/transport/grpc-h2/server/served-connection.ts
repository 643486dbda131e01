import * as events from "../../../core/diagnostics.js";
import { nextEntityId } from "../../../core/entity-id.js";
import type { Metadata } from "../../../core/metadata.js";
import { type StatusObject, statusObject } from "../../../core/rpc-error.js";
import { status } from "../../../core/status.js";
import {
  type ConnectionError,
  ErrorCode,
  errorCodeName,
  type HeaderList,
  Http2ServerConnection,
  type ServerConnection,
  type ServerConnectionHandler,
  type Stream,
  type StreamHandler,
} from "../../../h2/index.js";
import type { CallTls, ConnectionStats } from "../../transport.js";
import type { HostedCall, WebConnection, WebDoors } from "../../web-doors.js";
import type { BytePipe, OpenPipe, PipeUser } from "../byte-pipe.js";
import { CallCounts } from "../call-counts.js";
import { CallList } from "../call-list.js";
import { headerLimitOwner, maxSendHeaderBytes } from "../header-limit.js";
import { Keepalive, type KeepaliveOwner } from "../keepalive.js";
import { leaveOut, refuse, refuseHttp } from "./call-refusal.js";
import { ConnectionLife, type LifeOwner } from "./connection-life.js";
import { engineOptions } from "./engine-options.js";
import { isHalfCloseSuspect } from "./half-close.js";
import { PingPolicy } from "./ping-policy.js";
import { answerEncoding, httpFault, readRequestHead, requestDeadline, requestEncoding } from "./request-head.js";
import { ServerCall, type ServingConnection } from "./server-call.js";
import type { ServerMethodTable } from "./server-method.js";
import type { ResolvedServerOptions } from "./server-options.js";

const TOO_MANY: StatusObject = statusObject(
  status.UNAVAILABLE,
  "more calls than maxConcurrentStreams (REFUSED_STREAM)",
);

/** One HTTP/2 connection of a server: takes its calls, and watches its age, idleness and silence. */
export class ServedConnection
  implements ServingConnection, WebConnection, ServerConnectionHandler, PipeUser, KeepaliveOwner, LifeOwner
{
  readonly options: ResolvedServerOptions;
  readonly connection: ServerConnection;
  readonly #methods: ServerMethodTable;
  readonly #onClosed: (connection: ServedConnection) => void;
  /** What answers requests that are not gRPC's. */
  readonly #doors: WebDoors | undefined;
  readonly #pipe: BytePipe;
  readonly #keepalive: Keepalive;
  readonly #pings: PingPolicy;
  /** Calls that have no status yet. */
  readonly #calls = new CallList<HostedCall>();
  readonly #id = nextEntityId();
  readonly #counts: CallCounts;
  /** It was asked to go. */
  #leaving = false;
  /** Calls whose stream is open or whose handler runs. */
  #running = 0;
  /** DATA frames that had been sent when the last ping came. */
  #sentAtPing = 0;
  readonly #life: ConnectionLife;
  #lost: string | undefined;

  constructor(
    open: OpenPipe,
    methods: ServerMethodTable,
    options: ResolvedServerOptions,
    totals: CallCounts,
    onClosed: (connection: ServedConnection) => void,
    doors: WebDoors | undefined,
  ) {
    this.#doors = doors;
    this.#counts = new CallCounts(totals);
    this.options = options;
    this.#methods = methods;
    this.#onClosed = onClosed;
    this.#pings = new PingPolicy(options.permitKeepaliveTimeMs);
    this.connection = new Http2ServerConnection(this, options.environment, engineOptions(options));
    this.#keepalive = new Keepalive(this.connection, options, this);
    this.#life = new ConnectionLife(options, this);
    this.#pipe = open(this);
    this.#pipe.outputReady();
    this.#keepalive.start();
    this.onIdle();
  }

  /** `address:port` of the client. */
  get peer(): string {
    return this.#pipe.peer;
  }

  /** What TLS says of the client. */
  get tls(): CallTls | undefined {
    return this.#pipe.tls;
  }

  /** What stands in the metadata of every call. */
  get metadata(): Metadata | undefined {
    return this.#pipe.metadata;
  }

  /** Why it is gone, where that is known. */
  get lost(): string | undefined {
    return this.#lost ?? this.connection.error?.message;
  }

  get wantsKeepalive(): boolean {
    return true;
  }

  /** What it is at this moment. */
  stats(): ConnectionStats {
    const { queuedBytes } = this.connection;
    const state = this.#leaving ? "closing" : "ready";
    return {
      id: this.#id,
      peer: this.peer,
      local: this.#pipe.local,
      state,
      openCalls: this.#calls.size,
      queuedBytes,
      calls: this.#counts.now,
    };
  }

  /** Whether more answers wait on this side than may (P9). */
  get hasTooMuchUnsent(): boolean {
    return this.connection.queuedBytes > this.options.maxUnsentBytes;
  }

  /** How large a block of headers may be sent: what the client takes, and no more than we take. */
  get maxSendHeaderBytes(): number {
    return maxSendHeaderBytes(this.connection.peerSettings.maxHeaderListSize, this.options.maxMetadataBytes);
  }

  /** Whose {@link maxSendHeaderBytes} is, for error texts. */
  get headerLimitOwner(): string {
    const { peerSettings } = this.connection;
    return headerLimitOwner(peerSettings.maxHeaderListSize, this.options.maxMetadataBytes, "client");
  }

  /** Asks the client to go, in two steps: calls that are on their way are taken, and all finish. */
  goAway(debug: string): void {
    this.#leaving = true;
    this.connection.shutdown(debug);
  }

  /** Ends what is open with this status, then closes. */
  end(result: StatusObject, debug: string): void {
    for (const call of this.#calls.toArray()) call.abort(result);
    this.connection.close(ErrorCode.NO_ERROR, debug);
  }

  destroy(): void {
    this.#pipe.destroy();
  }

  /** @internal */
  callBegun(call: HostedCall): void {
    this.#running++;
    this.#calls.add(call);
    this.#counts.begun();
    this.#life.works();
  }

  /** @internal A call has its status. */
  callOver(call: HostedCall, code: status): void {
    this.#calls.remove(call);
    this.#counts.ended(code);
  }

  /** @internal Neither its stream nor its handler is there any more. */
  callLeft(): void {
    this.#running--;
  }

  /** @internal */
  receive(bytes: Uint8Array): void {
    this.connection.receive(bytes);
  }

  /** @internal */
  receiveEnd(error?: Error): void {
    this.#lost ??= error?.message;
    this.connection.receiveEnd(error);
  }

  /** @internal */
  onPipeClosed(): void {
    this.#stopTimers();
    this.#onClosed(this);
  }

  /** @internal */
  onOutput(): void {
    this.#pipe?.outputReady(); // the engine has its preface before there is a pipe
  }

  /** @internal */
  onMuchOutput(): void {
    this.#pipe?.flush?.();
  }

  /** @internal */
  onStream(stream: Stream, headers: HeaderList, requestEnded: boolean, tooLarge: number): StreamHandler {
    const { options } = this;
    if (tooLarge > 0) return this.#refuse(stream, "", this.#tooLarge(tooLarge), requestEnded);
    if (this.#running >= options.maxConcurrentStreams) {
      this.#tellRefusal("", TOO_MANY);
      return leaveOut(stream);
    }
    const head = readRequestHead(headers);
    const http = httpFault(head);
    if (http !== undefined) {
      return this.#doors?.onStream(stream, headers, requestEnded, this) ?? refuseHttp(stream, http);
    }
    const { path } = head;
    const encoding = requestEncoding(head);
    if (typeof encoding !== "string") return this.#refuse(stream, path, encoding, requestEnded);
    const deadline = requestDeadline(head);
    if (typeof deadline !== "number") return this.#refuse(stream, path, deadline, requestEnded);
    const method = this.#methods.get(path);
    if (method === undefined) {
      return this.#refuse(stream, path, statusObject(status.UNIMPLEMENTED, `unknown method ${path}`), requestEnded);
    }
    const incoming = {
      path,
      deadline,
      encoding,
      answerEncoding: answerEncoding(options.compression, head),
      halfCloseSuspect: isHalfCloseSuspect(head.userAgent),
    };
    const call = new ServerCall(stream, headers, requestEnded, incoming, method, this);
    this.callBegun(call);
    call.begin();
    return call;
  }

  /** @internal */
  onPing(): void {
    const sent = this.connection.sentFrames;
    const tooMany = this.#pings.isTooMany(sent !== this.#sentAtPing);
    this.#sentAtPing = sent;
    if (tooMany) this.connection.close(ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings");
  }

  /** @internal */
  onGoaway(_lastStreamId: number, code: number, debug: string): void {
    if (code === ErrorCode.NO_ERROR) return;
    this.#lost ??= `the client said GOAWAY, ${errorCodeName(code)}${debug === "" ? "" : `: ${JSON.stringify(debug)}`}`;
  }

  /** @internal */
  onIdle(): void {
    if (!this.connection.closed) this.#life.rests();
  }

  /** @internal */
  onClose(error: ConnectionError | undefined): void {
    this.#lost ??= error?.message;
    this.#stopTimers();
    this.#pipe?.finish();
  }

  /** @internal */
  onSilent(): void {
    this.#lost ??= "the client does not answer keepalive pings";
    this.connection.close(ErrorCode.NO_ERROR, "keepalive timeout");
    this.#pipe.destroy();
  }

  #refuse(stream: Stream, path: string, result: StatusObject, requestEnded: boolean): StreamHandler {
    this.#tellRefusal(path, result);
    return refuse(stream, result, requestEnded);
  }

  #tellRefusal(path: string, { code, details }: StatusObject): void {
    if (events.refusal.hasSubscribers) events.refusal.publish({ peer: this.peer, path, code, details });
  }

  #stopTimers(): void {
    this.#keepalive.stop();
    this.#life.stop();
  }

  #tooLarge(size: number): StatusObject {
    const limit = this.options.maxMetadataBytes;
    const details = `the request has ${size} bytes of metadata; the limit is ${limit} bytes (maxMetadataBytes)`;
    return statusObject(status.RESOURCE_EXHAUSTED, details);
  }
}
