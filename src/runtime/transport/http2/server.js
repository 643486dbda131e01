import { createSecureServer, createServer, } from "node:http2";
import { Metadata, status } from "../../core/metadata.js";
import { readMetadata } from "../../wire/metadata-headers.js";
import { listenOn } from "./listen-address.js";
import { sessionOptions } from "./options.js";
import { ServerCall } from "./server-call.js";
import { answerEncoding, httpFault, putStatus, readHead, responseHeaders } from "./server-headers.js";
import { resolveServerOptions } from "./server-options.js";
import { ServerSession } from "./server-session.js";
/** A server over HTTP/2: answers the calls of the connections that come in at one address, or that it is handed. */
export class Http2Listener {
    #methods;
    #options;
    #server;
    #sessions = new Map();
    #calls = new Set();
    #onCallsOver;
    #address;
    constructor(methods, options = {}) {
        this.#methods = methods;
        const resolved = resolveServerOptions(options);
        this.#options = resolved;
        const common = sessionOptions(resolved);
        const settings = { ...common.settings, maxConcurrentStreams: resolved.maxConcurrentStreams };
        this.#server =
            resolved.tls === undefined
                ? createServer({ ...common, settings })
                : createSecureServer({ handshakeTimeout: resolved.handshakeTimeoutMs, ...resolved.tls, ...common, settings });
        if (resolved.maxConnections !== Number.POSITIVE_INFINITY)
            this.#server.maxConnections = resolved.maxConnections;
        this.#server.on("session", (session) => this.#onSession(session));
        this.#server.on("stream", (stream, headers, _flags, raw) => this.#onStream(stream, headers, raw));
        this.#server.on("sessionError", ignore);
        this.#server.on("tlsClientError", ignore);
    }
    /** Where it listens. */
    get address() {
        return this.#address;
    }
    async listen(address) {
        this.#address = await listenOn(this.#server, address);
        return this.#address;
    }
    /** Takes a connection that came in some other way. */
    accept(socket) {
        this.#server.emit("connection", socket);
    }
    /** Stops accepting, lets calls finish for `graceMs` (default 0), then cancels them. Resolves when all is closed (P13). */
    async shutdown(options = {}) {
        const closed = this.#server.listening ? new Promise((done) => this.#server.close(() => done())) : undefined;
        const sessionsClosed = [...this.#sessions.keys()].map((session) => closing(session));
        for (const session of this.#sessions.values())
            session.close();
        const graceMs = options.graceMs ?? 0;
        if (graceMs > 0 && this.#calls.size > 0)
            await this.#callsOver(graceMs);
        await Promise.resolve();
        const result = {
            code: status.UNAVAILABLE,
            details: "the server is shutting down",
            metadata: new Metadata(),
        };
        for (const call of [...this.#calls])
            call.abort(result);
        const force = setTimeout(() => {
            for (const session of this.#sessions.values())
                session.destroy();
        }, FLUSH_MS);
        await Promise.all(sessionsClosed);
        clearTimeout(force);
        await closed;
    }
    #callsOver(graceMs) {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, Math.min(graceMs, 0x7fff_ffff));
            this.#onCallsOver = () => {
                clearTimeout(timer);
                resolve();
            };
        });
    }
    #onSession(session) {
        this.#sessions.set(session, new ServerSession(session, this.#options));
        session.once("close", () => this.#sessions.delete(session));
    }
    #onStream(stream, headers, raw) {
        const session = stream.session;
        // The stream was reset before it was announced.
        if (stream.destroyed || stream.closed || session === undefined)
            return;
        stream.on("error", ignore);
        const watch = this.#sessions.get(session);
        watch?.streamOpened();
        const fault = httpFault(headers);
        if (fault !== undefined) {
            if (watch !== undefined)
                stream.once("close", watch.streamClosed);
            stream.respond({ ":status": fault }, { endStream: true });
            return;
        }
        const path = headers[":path"] ?? "";
        const server = this.#methods.get(path);
        const head = readHead(headers);
        if ("code" in head || server === undefined) {
            if (watch !== undefined)
                stream.once("close", watch.streamClosed);
            const result = "code" in head ? head : { code: status.UNIMPLEMENTED, details: `unknown method ${path}` };
            const answer = putStatus({ ...result, metadata: new Metadata() }, responseHeaders(undefined, "identity"));
            stream.respond(answer, { endStream: true });
            return;
        }
        const incoming = {
            ...head,
            path,
            metadata: readMetadata(headers, raw),
            peer: peerOf(session),
            answerEncoding: answerEncoding(this.#options.compression, headers),
        };
        const call = new ServerCall(stream, incoming, server, this.#options);
        this.#calls.add(call);
        stream.once("close", () => {
            this.#calls.delete(call);
            watch?.streamClosed();
            if (this.#calls.size === 0)
                this.#onCallsOver?.();
        });
    }
}
/** How long a closing server may take to send the last statuses. */
const FLUSH_MS = 200;
function closing(session) {
    return session.destroyed ? Promise.resolve() : new Promise((resolve) => session.once("close", resolve));
}
const peers = new WeakMap();
function peerOf(session) {
    let peer = peers.get(session);
    if (peer === undefined) {
        const { remoteAddress, remotePort } = session.socket;
        if (remoteAddress === undefined)
            peer = "unix:";
        else
            peer = remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
        peers.set(session, peer);
    }
    return peer;
}
function ignore() { }
