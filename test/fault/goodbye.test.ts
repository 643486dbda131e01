import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { status } from "../../src/runtime/core/status.js";
import type { Http2ServerOptions } from "../../src/runtime/transport/grpc-h2/index.js";
import { http2Channel, type Listening, listenHttp2 } from "../transport/listen.js";
import { type Accept, bytesMethod, echo, methodServers, Recorder, text } from "../transport/support.js";
import { ACK, DATA, END_STREAM, type Frame, frame, GOAWAY, HEADERS, message, PING, RST_STREAM } from "./frames.js";
import { handlesAtMost, openHandles } from "./handles.js";
import { type RawPeer, RawServer, rawClient } from "./raw-peer.js";

const HEADER_TABLE_SIZE = 1;
const REFUSED_STREAM = 7;
const ANY_STREAM = 2 ** 31 - 1;
const hi = message("hi");

let before: number;
beforeEach(() => {
  before = openHandles();
});
afterEach(() => handlesAtMost(before));

describe("a server that ends a connection", () => {
  let server: Listening;
  let peer: RawPeer;

  /** A connection with a call that was answered once and is still open. `Shut` shuts the server down at its second message. */
  async function begin(options: Http2ServerOptions = {}, method = "Echo"): Promise<void> {
    const shut: Accept = (stream) => {
      const echoes = echo(stream);
      let messages = 0;
      return {
        onReadable() {
          echoes.onReadable();
          if (++messages === 2) void server.shutdown(60_000);
        },
        onHalfClose: () => echoes.onHalfClose(),
        onDrain: () => echoes.onDrain(),
        onCancel: (result) => echoes.onCancel(result),
      };
    };
    server = await listenHttp2(methodServers({ Echo: echo, Shut: shut }), "127.0.0.1:0", options);
    peer = await rawClient(server.port, [HEADER_TABLE_SIZE, 0]);
    peer.request(1, `/test.Test/${method}`);
    peer.data(1, hi);
    await peer.next(dataOn(1));
  }
  afterEach(async () => {
    peer.socket.destroy();
    await server.shutdown();
  });

  const dataOn = (stream: number) => (one: Frame) => one.type === DATA && one.stream === stream;

  /** The streams that were answered; a reset with REFUSED_STREAM is no answer. */
  function served(): number[] {
    const refused = ({ type, payload }: Frame) => type === RST_STREAM && payload.readUInt32BE(0) === REFUSED_STREAM;
    return [...new Set(peer.log.filter((one) => one.stream > 0 && !refused(one)).map(({ stream }) => stream))];
  }

  async function goaway(): Promise<{ lastStream: number; code: number; debug: string }> {
    const { payload } = await peer.next(({ type }) => type === GOAWAY);
    return {
      lastStream: payload.readUInt32BE(0),
      code: payload.readUInt32BE(4),
      debug: payload.subarray(8).toString(),
    };
  }

  test("shutdown in two steps: what was on its way is served, what comes behind the second GOAWAY is not", async () => {
    await begin();
    peer.answersPings = false;
    const down = server.shutdown(60_000);
    expect(await goaway()).toEqual({ lastStream: ANY_STREAM, code: 0, debug: "graceful_stop" });
    const ping = await peer.next(({ type, flags }) => type === PING && (flags & ACK) === 0);
    peer.request(3, "/test.Test/Echo");
    peer.data(3, message("on its way"), END_STREAM);
    peer.send(frame(PING, ACK, 0, ping.payload));
    expect(await goaway()).toEqual({ lastStream: 3, code: 0, debug: "graceful_stop" });
    peer.request(5, "/test.Test/Echo");
    peer.data(5, message("late"), END_STREAM);
    peer.data(1, message("more"), END_STREAM);
    expect((await peer.next(dataOn(3))).payload).toEqual(message("on its way"));
    expect((await peer.next(dataOn(1))).payload).toEqual(message("more"));
    await down;
    await peer.end();
    expect(served()).toEqual([1, 3]);
  });

  test("a call in the same packet as the message that shuts down is served", async () => {
    await begin({}, "Shut");
    peer.socket.cork();
    peer.data(1, message("more"), END_STREAM);
    peer.request(3, "/test.Test/Echo");
    peer.data(3, hi, END_STREAM);
    peer.socket.uncork();
    expect(await goaway()).toMatchObject({ lastStream: ANY_STREAM, code: 0 });
    expect(await goaway()).toMatchObject({ lastStream: 3, code: 0 });
    await peer.end();
    expect(served()).toEqual([1, 3]);
  });

  test("age: a client that does not answer the ping gets a second, and no call that comes later is served", async () => {
    await begin({ maxConnectionAgeMs: 20, maxConnectionAgeGraceMs: 60_000 });
    peer.answersPings = false;
    expect(await goaway()).toEqual({ lastStream: ANY_STREAM, code: 0, debug: "max_age" });
    expect(await goaway()).toEqual({ lastStream: 1, code: 0, debug: "max_age" });
    peer.request(3, "/test.Test/Echo");
    peer.data(3, message("late"), END_STREAM);
    peer.data(1, Buffer.alloc(0), END_STREAM);
    await peer.end();
    expect(served()).toEqual([1]);
  });

  test("shutdown without grace: open calls end UNAVAILABLE, what comes is left out", async () => {
    await begin();
    const down = server.shutdown();
    const { lastStream, debug } = await goaway();
    expect({ lastStream, debug }).toEqual({ lastStream: 1, debug: expect.stringContaining("server_shutdown") });
    peer.request(3, "/test.Test/Echo");
    const trailers = await peer.next(({ type, flags }) => type === HEADERS && (flags & END_STREAM) !== 0);
    expect(trailers.stream).toBe(1);
    await peer.end();
    await down;
    expect(served()).toEqual([1]);
  });
});

describe("a client whose server says GOAWAY", () => {
  let server: RawServer;
  beforeEach(async () => {
    server = await RawServer.listen();
  });
  afterEach(() => server.close());

  test("closes a connection without calls", async () => {
    await using channel = http2Channel(server.target);
    const call = Recorder.start(channel, bytesMethod("M"));
    const peer = await server.peer();
    await peer.next(({ type }) => type === HEADERS);
    peer.respond(1, [["grpc-status", "0"]], END_STREAM);
    await call.status;
    peer.goaway(ANY_STREAM, 0);
    await peer.end();
  });

  test("finishes its calls, then closes", async () => {
    await using channel = http2Channel(server.target);
    const call = Recorder.start(channel, bytesMethod("M"));
    call.stream.write(text("hi"));
    const peer = await server.peer();
    await peer.next(({ type }) => type === DATA);
    peer.goaway(ANY_STREAM, 0);
    peer.respond(1);
    peer.data(1, hi);
    peer.trailers(1);
    expect((await call.status).code).toBe(status.OK);
    expect(call.text).toEqual(["hi"]);
    await peer.end();
  });
});
