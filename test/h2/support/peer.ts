import { errorCodeName } from "../../../src/runtime/h2/errors.js";
import {
  type ConnectionError,
  type ConnectionOptions,
  type HeaderList,
  Http2ClientConnection,
  Http2ServerConnection,
  type Stream,
  type StreamHandler,
} from "../../../src/runtime/h2/index.js";
import { FakeEnvironment } from "./fake-environment.js";
import { type Frame, join, PREFACE, parse, settings, settingsAck } from "./frames.js";

/** Writes down what its stream hears, and consumes DATA at once unless told not to. */
export class Recorder implements StreamHandler {
  readonly events: string[] = [];
  stream!: Stream;
  consumes = true;
  data = "";

  onHeaders(headers: HeaderList, endStream: boolean): void {
    this.events.push(`headers ${headers.join(" ")}${endStream ? " END" : ""}`);
  }
  onHeadersTooLarge(_size: number, limit: number, endStream: boolean): void {
    this.events.push(`headers over ${limit}${endStream ? " END" : ""}`);
  }
  onData(bytes: Uint8Array, start: number, end: number): void {
    this.data += Buffer.from(bytes.subarray(start, end)).toString("latin1");
    if (this.consumes) this.stream.consumed(end - start);
  }
  onEnd(): void {
    this.events.push("end");
  }
  onReset(code: number, cause: string): void {
    this.events.push(`reset ${code} ${cause}`);
  }
  onWritable(): void {
    this.events.push("writable");
  }
}

/** What both roles' tests share: a connection of ours whose other end is the test, frame by frame. */
abstract class Peer<C extends Http2ClientConnection | Http2ServerConnection> {
  abstract readonly connection: C;
  readonly environment: FakeEnvironment;
  /** What the connection said, and what it was asked. */
  readonly log: string[] = [];
  error: ConnectionError | undefined;

  constructor(environment: FakeEnvironment) {
    this.environment = environment;
  }

  onOutput(): void {}
  onGoaway(last: number, code: number, debug: string): void {
    this.log.push(`goaway ${last} ${code} ${debug}`);
  }
  onIdle(): void {
    this.log.push("idle");
  }
  onAvailable(): void {
    this.log.push("available");
  }
  onClose(error: ConnectionError | undefined): void {
    this.log.push("closed");
    this.error = error;
  }

  /** Gives the connection frames, and returns what it answers. */
  send(...frames: readonly Uint8Array[]): Frame[] {
    this.connection.receive(join(...frames));
    return this.output();
  }

  /** What the connection has to say. */
  output(): Frame[] {
    const found: Frame[] = [];
    for (;;) {
      const batch = this.connection.take();
      if (batch === undefined) return found;
      let bytes = join(...batch.pieces);
      if (Buffer.from(bytes.subarray(0, PREFACE.length)).equals(Buffer.from(PREFACE)))
        bytes = bytes.subarray(PREFACE.length);
      this.connection.done(batch);
      found.push(...parse(bytes));
    }
  }
}

/** The test is the client, the connection a server. */
export class ClientPeer extends Peer<Http2ServerConnection> {
  readonly connection: Http2ServerConnection;
  readonly streams: Recorder[] = [];
  consumes = true;

  /** @param begin Whether the preface and SETTINGS of both sides have gone by. */
  constructor(options: ConnectionOptions = {}, begin = true, environment: FakeEnvironment = new FakeEnvironment()) {
    super(environment);
    this.connection = new Http2ServerConnection(this, environment, { maxFrameSize: 262_144, ...options });
    if (begin) this.send(PREFACE, settings(), settingsAck());
  }

  onStream(stream: Stream, headers: HeaderList, endStream: boolean, tooLarge: number): StreamHandler {
    const recorder = new Recorder();
    recorder.stream = stream;
    recorder.consumes = this.consumes;
    recorder.events.push(
      `request ${headers.join(" ")}${endStream ? " END" : ""}${tooLarge > 0 ? ` too large ${tooLarge}` : ""}`,
    );
    this.streams.push(recorder);
    return recorder;
  }
}

/** The test is the server, the connection a client. */
export class ServerPeer extends Peer<Http2ClientConnection> {
  readonly connection: Http2ClientConnection;

  constructor(options: ConnectionOptions = {}, begin = true, environment: FakeEnvironment = new FakeEnvironment()) {
    super(environment);
    this.connection = new Http2ClientConnection(this, environment, { maxFrameSize: 262_144, ...options });
    if (begin) this.send(settings(), settingsAck());
  }

  request(headers: readonly string[], endStream: boolean): Recorder {
    const recorder = new Recorder();
    recorder.stream = this.connection.request([...headers], endStream, recorder);
    return recorder;
  }
}

/** The code's name, and the debug data where there is any. */
function goawayText(code: number, debug: Uint8Array): string {
  return debug.length === 0 ? errorCodeName(code) : `${errorCodeName(code)}: ${Buffer.from(debug).toString()}`;
}

/** Frames in one line each, for expectations; a GOAWAY as `GOAWAY 0 <last id> <NAME>: <debug data>`. */
export function shown(frames: readonly Frame[]): string[] {
  return frames.map(({ type, flags, id, payload }) => {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    const numbers: Record<string, () => string> = {
      RST_STREAM: () => ` ${view.getUint32(0)}`,
      WINDOW_UPDATE: () => ` ${view.getUint32(0)}`,
      GOAWAY: () => ` ${view.getUint32(0)} ${goawayText(view.getUint32(4), payload.subarray(8))}`,
      DATA: () => ` ${payload.length}`,
    };
    return `${type} ${id}${flags === 0 ? "" : ` flags ${flags}`}${numbers[type]?.() ?? ""}`;
  });
}
