import { constants } from "node:http2";
import { Metadata, status } from "../../core/metadata.js";
import { parseEncoding } from "../../wire/compression.js";
import { DeadlineTimer } from "../../wire/deadline-timer.js";
import { MessageReader } from "../../wire/message-reader.js";
import { readMetadata } from "../../wire/metadata-headers.js";
import { resetName, statusOfReset } from "../../wire/status-mapping.js";
import { WireError } from "../../wire/wire-error.js";
import { MessageWriter } from "./message-writer.js";
import { requestHeaders } from "./request-headers.js";
import { responseFault, statusOfTrailers } from "./response-headers.js";
/** One call of a client: first without a connection, then as one HTTP/2 stream. */
export class ClientCall {
    method;
    options;
    #listener;
    #onOver;
    #writer;
    #reader;
    #deadline;
    #abort = new AbortController();
    #connection;
    #stream;
    #responseEnded = false;
    #paused = false;
    #over = false;
    constructor(method, options, listener, limits, onOver) {
        this.method = method;
        this.options = options;
        this.#listener = listener;
        this.#onOver = onOver;
        const { highWaterMark, compression } = options;
        const { maxSendMessageBytes } = limits;
        this.#writer = new MessageWriter(method.request, { highWaterMark, maxSendMessageBytes, compression }, () => {
            if (!this.#over)
                listener.onDrain();
        });
        this.#reader = new MessageReader(method.response, limits.maxReceiveMessageBytes);
        this.#deadline = new DeadlineTimer(options.deadline, () => this.fail(status.DEADLINE_EXCEEDED, "deadline exceeded"));
    }
    get peer() {
        return this.#connection?.peer ?? "unknown";
    }
    get over() {
        return this.#over;
    }
    begin(connection) {
        const stream = connection.request(requestHeaders(this.method.path, this.options, connection), this.#abort.signal);
        this.#connection = connection;
        this.#stream = stream;
        stream.on("response", (headers, flags, raw) => this.#onResponse(headers, flags, raw));
        stream.on("trailers", (headers, _flags, raw) => this.#onTrailers(headers, raw));
        stream.on("end", () => this.#onEnd());
        stream.on("error", ignore);
        stream.on("close", () => this.#onClose());
        this.#writer.attach(stream);
    }
    write(message) {
        return this.#writer.write(message);
    }
    closeSend() {
        this.#writer.end();
    }
    cancel(code, details) {
        if (this.#over)
            return;
        this.#settle();
        this.#reset();
        process.nextTick(() => {
            this.#drain();
            this.#listener.onStatus({ code, details, metadata: new Metadata() });
        });
    }
    pause() {
        this.#paused = true;
        if (!this.#over)
            this.#stream?.pause();
    }
    resume() {
        this.#paused = false;
        if (!this.#over)
            this.#stream?.resume();
    }
    fail(code, details) {
        if (this.#over)
            return;
        if (code === status.DEADLINE_EXCEEDED)
            this.#drain();
        this.#end({ code, details, metadata: new Metadata() });
    }
    #onResponse(headers, flags, raw) {
        if (this.#over)
            return;
        const fault = responseFault(headers);
        if (fault !== undefined) {
            this.fail(fault.code, fault.details);
            return;
        }
        if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
            this.#onTrailers(headers, raw);
            return;
        }
        const encoding = parseEncoding(header(headers, "grpc-encoding"));
        if (encoding === undefined) {
            this.fail(status.INTERNAL, `the server answers in an unknown grpc-encoding: ${headers["grpc-encoding"]}`);
            return;
        }
        this.#reader.encoding = encoding;
        this.#listener.onHeader(readMetadata(headers, raw));
        const stream = this.#stream;
        if (this.#over || stream === undefined)
            return;
        stream.on("data", this.#onData);
        if (this.#paused)
            stream.pause();
    }
    #onData = (chunk) => {
        if (!this.#over)
            this.#read(chunk);
    };
    #read(chunk) {
        const batch = [];
        let fault;
        try {
            this.#reader.read(chunk, batch);
        }
        catch (error) {
            if (!(error instanceof WireError))
                throw error;
            fault = error;
        }
        if (batch.length > 0)
            this.#listener.onMessages(batch);
        if (fault !== undefined)
            this.fail(fault.code, fault.details);
    }
    /** Delivers what arrived while paused: it comes before the status (P3). */
    #drain() {
        const stream = this.#stream;
        if (stream === undefined || stream.readableLength === 0)
            return;
        stream.off("data", this.#onData);
        for (let chunk = stream.read(); chunk !== null; chunk = stream.read())
            this.#read(chunk);
    }
    #onTrailers(headers, raw) {
        if (this.#over)
            return;
        this.#responseEnded = true;
        this.#drain();
        if (this.#over)
            return;
        if (this.#reader.truncated) {
            this.fail(status.INTERNAL, "the response ended within a message");
            return;
        }
        this.#end(statusOfTrailers(headers, raw));
    }
    #onEnd() {
        const stream = this.#stream;
        if (this.#over || stream === undefined || stream.destroyed || stream.rstCode !== 0)
            return;
        this.fail(status.INTERNAL, "the server ended the stream without a status");
    }
    #onClose() {
        this.#connection?.release();
        if (this.#over)
            return;
        this.#drain();
        if (this.#over)
            return;
        const lost = this.#connection?.lost;
        const code = this.#stream?.rstCode ?? 0;
        this.#end({
            code: lost === undefined ? statusOfReset(code) : status.UNAVAILABLE,
            details: lost ?? `the server reset the stream (${resetName(code)})`,
            metadata: new Metadata(),
        });
    }
    #end(result) {
        if (this.#over)
            return;
        this.#settle();
        this.#reset();
        this.#listener.onStatus(result);
    }
    #settle() {
        this.#over = true;
        this.#deadline.clear();
        this.#writer.close();
        this.#onOver(this);
    }
    /**
     * Resets the stream unless both sides have ended it (or it is not there yet). An abort sends RST_STREAM(CANCEL) alone; `stream.close()` would
     * send an END_STREAM before it, which a server takes for the end of an upload (P6).
     */
    #reset() {
        const stream = this.#stream;
        if (stream === undefined || stream.closed)
            return;
        if (this.#responseEnded && stream.writableFinished)
            return;
        this.#abort.abort();
    }
}
function header(headers, name) {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
}
function ignore() { }
