import { connect, constants, } from "node:http2";
import { connect as connectSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Keepalive } from "./keepalive.js";
import { sessionOptions } from "./options.js";
/** How long a closing connection may take to send what is left. */
const FLUSH_MS = 200;
/** One HTTP/2 connection of a channel. */
export class Connection {
    scheme;
    authority;
    userAgent;
    #events;
    #options;
    #session;
    #keepalive;
    #connectTimer;
    #peer = "unknown";
    #active = 0;
    #ready = false;
    #closing = false;
    #lost;
    #error;
    constructor(target, options, events) {
        this.scheme = target.scheme;
        this.authority = options.authority ?? target.authority;
        this.userAgent = options.userAgent;
        this.#events = events;
        this.#options = options;
        const session = openSession(target, options);
        this.#session = session;
        this.#keepalive = new Keepalive(session, options, () => this.#drop("the server does not answer keepalive pings"));
        this.#connectTimer = setTimeout(() => {
            this.#drop(`no connection within ${options.connectTimeoutMs} ms`);
        }, options.connectTimeoutMs);
        session.once("connect", () => this.#onConnect());
        session.once("remoteSettings", () => this.#onReady());
        session.on("error", (error) => {
            this.#error ??= error;
        });
        session.on("goaway", (code) => {
            if (code !== constants.NGHTTP2_NO_ERROR)
                this.#lost ??= `the server closed the connection with GOAWAY code ${code}`;
            this.#close();
        });
        session.once("close", () => this.#onClose());
    }
    get peer() {
        return this.#peer;
    }
    /** Why the connection is gone; undefined while it is there. */
    get lost() {
        return this.#session.destroyed ? (this.#lost ?? reasonOf(this.#error) ?? "the connection was closed") : undefined;
    }
    get active() {
        return this.#active;
    }
    /** Whether one more call may begin. */
    get hasRoom() {
        if (!this.#ready || this.#closing || this.#session.closed || this.#session.destroyed)
            return false;
        return this.#active < this.#options.maxStreamsPerConnection && this.#active < this.#peerLimit();
    }
    /** Opens a stream. {@link release} must follow when it is closed. */
    request(headers, signal) {
        const stream = this.#session.request(headers, { signal, endStream: false });
        if (this.#active++ === 0) {
            this.#session.ref();
            this.#keepalive.start();
        }
        return stream;
    }
    /** A stream is closed. */
    release() {
        if (--this.#active === 0) {
            if (!this.#session.destroyed)
                this.#session.unref();
            if (!this.#options.keepaliveWithoutCalls)
                this.#keepalive.stop();
        }
        this.#events.onRoom(this);
    }
    /** Lets open streams finish, then closes. */
    close() {
        this.#close();
        if (!this.#session.closed && !this.#session.destroyed)
            this.#session.close();
    }
    /** Closes now, but for the frames that are on their way out. Resolves when the socket is closed. */
    shut() {
        const session = this.#session;
        this.#lost ??= "the channel was closed";
        if (session.destroyed)
            return Promise.resolve();
        return new Promise((resolve) => {
            session.once("close", resolve);
            if (!this.#ready) {
                this.#drop("the channel was closed");
                return;
            }
            this.close();
            setTimeout(() => session.destroy(), FLUSH_MS).unref();
        });
    }
    #onConnect() {
        const session = this.#session;
        const { remoteAddress, remotePort } = session.socket;
        this.#peer = remoteAddress === undefined ? this.authority : formatPeer(remoteAddress, remotePort);
        if (this.scheme === "https" && session.alpnProtocol !== "h2") {
            this.#drop(`the server does not speak HTTP/2 (ALPN says ${String(session.alpnProtocol)})`);
            return;
        }
        session.setLocalWindowSize(this.#options.connectionWindowBytes);
    }
    #onReady() {
        clearTimeout(this.#connectTimer);
        if (this.#session.destroyed)
            return;
        this.#ready = true;
        if (this.#options.keepaliveWithoutCalls)
            this.#keepalive.start();
        this.#events.onReady(this);
        if (this.#active === 0)
            this.#session.unref();
    }
    #close() {
        if (this.#closing)
            return;
        this.#closing = true;
        this.#events.onClosing(this);
    }
    #drop(reason) {
        this.#lost ??= reason;
        this.#close();
        this.#session.destroy();
    }
    #onClose() {
        clearTimeout(this.#connectTimer);
        this.#keepalive.stop();
        this.#close();
        this.#events.onClosed(this, this.lost ?? "the connection was closed");
    }
    #peerLimit() {
        return this.#session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
    }
}
function openSession(target, options) {
    const { path } = target;
    const common = sessionOptions(options);
    const authority = `${target.scheme}://${target.authority}`;
    if (options.createConnection !== undefined) {
        return connect(authority, { ...common, createConnection: options.createConnection });
    }
    if (target.scheme === "https") {
        const tls = { ...options.tls, ALPNProtocols: ["h2"] };
        return path === undefined
            ? connect(authority, { ...common, ...tls })
            : connect(authority, { ...common, createConnection: () => connectTls({ ...tls, path }) });
    }
    return path === undefined
        ? connect(authority, common)
        : connect(authority, { ...common, createConnection: () => connectSocket(path) });
}
function formatPeer(address, port) {
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
function reasonOf(error) {
    if (error === undefined)
        return undefined;
    // Happy Eyeballs throws one error for all addresses, without a message of its own.
    if (error instanceof AggregateError)
        return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
    return error.message;
}
