import { expect, test } from "vitest";
import type { HeaderList, Stream, StreamHandler } from "../../src/runtime/h2/index.js";
import { data, END_STREAM, goaway, headers, join, PADDED, ping, REQUEST, rst, words } from "./support/frames.js";
import { ClientPeer, Recorder } from "./support/peer.js";

/** A client of a server that writes down, of all its streams together, what of DATA they are told and what follows. */
class DataPeer extends ClientPeer {
  readonly told: string[] = [];

  override onStream(stream: Stream, list: HeaderList, endStream: boolean, tooLarge: number): StreamHandler {
    const handler = super.onStream(stream, list, endStream, tooLarge);
    if (!(handler instanceof Recorder)) throw new Error("a ClientPeer makes recorders");
    const { told } = this;
    const { id } = stream;
    return {
      onHeaders: () => told.push(`${id} trailers`),
      onHeadersTooLarge: () => told.push(`${id} trailers too large`),
      onData(bytes, start, end) {
        handler.onData(bytes, start, end);
        told.push(`${id} ${Buffer.from(bytes.subarray(start, end))}`);
      },
      onDataRead: () => told.push(`${id} read`),
      onEnd: () => told.push(`${id} end`),
      onReset: (code, cause) => told.push(`${id} reset ${code} ${cause}`),
      onWritable: () => {},
    };
  }

  onPing(): void {
    this.told.push("ping");
  }

  override onGoaway(): void {
    this.told.push("goaway");
  }

  override onClose(): void {
    this.told.push("closed");
  }
}

/** Two open streams. */
function opened(): DataPeer {
  const peer = new DataPeer();
  peer.send(headers(1, REQUEST), headers(3, REQUEST));
  return peer;
}

const FLOW_CONTROL_ERROR = 3;

test.each([
  ["one frame", [data(1, "a")], ["1 a", "1 read"]],
  ["several frames are one read", [data(1, "a"), data(1, "b"), data(1, "c")], ["1 a", "1 b", "1 c", "1 read"]],
  ["padding", [data(1, Buffer.from("\x01a\0"), PADDED), data(1, "b")], ["1 a", "1 b", "1 read"]],
  ["an empty frame has nothing to read", [data(1, "")], []],
  ["before the end of the stream", [data(1, "a"), data(1, "b", END_STREAM)], ["1 a", "1 b", "1 read", "1 end"]],
  ["before an end without data", [data(1, "a"), data(1, "", END_STREAM)], ["1 a", "1 read", "1 end"]],
  ["before trailers", [data(1, "a"), headers(1, ["x", "y"], END_STREAM)], ["1 a", "1 read", "1 trailers"]],
  ["before a reset", [data(1, "a"), rst(1, 8)], ["1 a", "1 read", "1 reset 8 peer"]],
  [
    "before another stream's data, and again behind it",
    [data(1, "a"), data(3, "b"), data(1, "c")],
    ["1 a", "1 read", "3 b", "3 read", "1 c", "1 read"],
  ],
  ["before another stream's end", [data(1, "a"), data(3, "", END_STREAM)], ["1 a", "1 read", "3 end"]],
  ["before a new stream", [data(1, "a"), headers(5, REQUEST), data(5, "b")], ["1 a", "1 read", "5 b", "5 read"]],
  ["before a ping", [data(1, "a"), ping(), data(1, "b")], ["1 a", "1 read", "ping", "1 b", "1 read"]],
  ["before a GOAWAY", [data(1, "a"), goaway(0)], ["1 a", "1 read", "goaway"]],
  [
    "before a fault of the stream's own",
    [data(1, "a"), data(1, Buffer.alloc(70_000))],
    ["1 a", "1 read", `1 reset ${FLOW_CONTROL_ERROR} local`],
  ],
  [
    "before the connection's end",
    [data(1, "a"), words(0xff_ff_ff_00, 0, 0)],
    ["1 a", "1 read", "1 reset 6 connection", "3 reset 6 connection", "closed"],
  ],
])("a stream is told once that it has read its data: %s", (_, frames, told) => {
  const peer = opened();
  peer.send(...frames);
  expect(peer.told).toEqual(told);
});

test("data that comes in two reads is told of twice", () => {
  const peer = opened();
  const bytes = join(data(1, "ab"), data(1, "c"));
  peer.connection.receive(bytes.subarray(0, 10));
  expect(peer.told).toEqual(["1 a", "1 read"]);
  peer.connection.receive(bytes.subarray(10));
  expect(peer.told.slice(2)).toEqual(["1 b", "1 c", "1 read"]);
});

test("a handler that throws there ends the connection, as anywhere", () => {
  const peer = new ClientPeer();
  peer.onStream = () =>
    Object.assign(new Recorder(), {
      onData() {},
      onDataRead() {
        throw new Error("a bug");
      },
    });
  peer.send(headers(1, REQUEST), data(1, "a"));
  expect(peer.error).toMatchObject({ code: 2, message: "INTERNAL_ERROR: a handler threw" });
});

test.each([
  ["resets the stream whose data follows", [data(3, "b"), data(3, "c", END_STREAM)]],
  ["resets its own stream, and more comes for it", [ping(), data(1, "b"), data(1, "c")]],
])("a handler that %s: nothing more is told of it", (what, frames) => {
  const peer = new ClientPeer();
  const told: string[] = [];
  const streams: Stream[] = [];
  peer.onStream = (stream) => {
    streams.push(stream);
    return Object.assign(new Recorder(), {
      onData: () => told.push(`${stream.id} data`),
      onDataRead() {
        told.push(`${stream.id} read`);
        streams[what.includes("own") ? 0 : 1]?.reset(8);
      },
      onEnd: () => told.push(`${stream.id} end`),
    });
  };
  peer.send(headers(1, REQUEST), headers(3, REQUEST));
  const answers = peer.send(data(1, "a"), ...frames);
  expect(told).toEqual(["1 data", "1 read"]);
  expect(answers.filter(({ type }) => type === "RST_STREAM" || type === "GOAWAY")).toHaveLength(1);
});

test("a handler that closes the connection there: what follows is not read", () => {
  const peer = opened();
  const { told } = peer;
  const own = peer.onStream.bind(peer);
  peer.onStream = (...args) =>
    Object.assign(own(...args), {
      onDataRead() {
        told.push("read");
        peer.connection.close();
      },
    });
  peer.send(headers(5, REQUEST), data(5, "a"), headers(7, REQUEST), data(7, "b"));
  expect(told).toEqual([
    "5 a",
    "read",
    "1 reset 0 connection",
    "3 reset 0 connection",
    "5 reset 0 connection",
    "closed",
  ]);
});
