import { beforeEach, describe, expect, test } from "vitest";
import * as ErrorCode from "../../../src/runtime/h2/error-code.js";
import { EngineStream, type StreamOwner } from "../../../src/runtime/h2/streams/engine-stream.js";
import { IdleNotice } from "../../../src/runtime/h2/streams/idle-notice.js";
import type { StreamHandler } from "../../../src/runtime/h2/streams/stream.js";
import * as StreamState from "../../../src/runtime/h2/streams/stream-state.js";
import { StreamTable } from "../../../src/runtime/h2/streams/stream-table.js";

/** What the connection was told, in order. */
let told: string[];
let table: StreamTable;

function tableOf(isClient: boolean): StreamTable {
  return new StreamTable({
    isClient,
    writer: { rstStream: (id, code) => told.push(`RST_STREAM ${id} ${code}`) },
    sender: { forget: ({ id }) => told.push(`send nothing more of ${id}`) },
    receiver: { forget: ({ id }) => told.push(`receive nothing more of ${id}`) },
    guard: { earnReset: () => told.push("a reset earned"), reset: () => told.push("a reset counted") },
    idle: new IdleNotice(() => told.push("idle")),
    streamsChanged: () => told.push("room"),
  });
}

function handler(id: number): StreamHandler {
  return {
    onHeaders() {},
    onHeadersTooLarge() {},
    onData() {},
    onEnd() {},
    onReset: (code, cause, text = "") => void told.push(`${id} hears ${code} ${cause} ${text}`.trimEnd()),
    onWritable() {},
  };
}

function open(id: number): EngineStream {
  // Nothing is sent or received on it here, so that it needs no connection.
  const stream = new EngineStream(id, {} as StreamOwner, handler(id), 0, 100);
  table.add(stream);
  return stream;
}

beforeEach(() => {
  told = [];
  table = tableOf(false);
});

describe("a stream of a server", () => {
  test("ends in peace once both sides have said END_STREAM, in either order", () => {
    const [one, three] = [open(1), open(3)];
    table.sentEnd(one);
    expect(one.closed).toBe(false);
    one.state |= StreamState.RECEIVED_END;
    table.receivedEnd(one);
    three.state |= StreamState.RECEIVED_END;
    table.receivedEnd(three);
    expect(three.closed).toBe(false);
    table.sentEnd(three);
    expect([one.closed, three.closed, table.size]).toEqual([true, true, 0]);
    const over = (id: number) => ["a reset earned", `receive nothing more of ${id}`, "room"];
    expect(told).toEqual([...over(1), ...over(3), "idle"]);
    expect(table.recentlyReset.has(1)).toBe(false);
  });

  test("that its user resets is remembered with its window, and reset once", () => {
    const stream = open(1);
    table.reset(stream, ErrorCode.CANCEL);
    table.reset(stream, ErrorCode.CANCEL);
    expect(told).toEqual(["send nothing more of 1", "RST_STREAM 1 8", "receive nothing more of 1", "room", "idle"]);
    expect(table.recentlyReset.has(1)).toBe(true);
    expect([table.recentlyReset.spend(1, 100), table.recentlyReset.spend(1, 1)]).toEqual([true, false]);
  });

  test("is not remembered where nothing can come of it any more", () => {
    const stream = open(1);
    stream.state |= StreamState.RECEIVED_END;
    table.reset(stream, ErrorCode.CANCEL);
    expect(table.recentlyReset.has(1)).toBe(false);
  });

  test("on which a rule is broken is reset, its handler hears why, and the peer pays for it", () => {
    const stream = open(1);
    table.fail(stream, ErrorCode.PROTOCOL_ERROR, "DATA before headers");
    table.fail(stream, ErrorCode.PROTOCOL_ERROR, "again");
    expect(told.filter((line) => /hears|counted/.test(line))).toEqual([
      "1 hears 1 local DATA before headers",
      "a reset counted",
    ]);
  });

  test("that the peer drops writes nothing", () => {
    table.drop(open(1), ErrorCode.CANCEL, "peer");
    expect(told).toEqual(["send nothing more of 1", "receive nothing more of 1", "room", "idle", "1 hears 8 peer"]);
  });
});

test("a client counts no faults of its server", () => {
  table = tableOf(true);
  table.fail(open(1), ErrorCode.PROTOCOL_ERROR, "DATA before headers");
  expect(told).not.toContain("a reset counted");
});

test("at the connection's end all streams are closed before the first one hears of it, whatever a handler throws", () => {
  const [one, three] = [open(1), open(3)];
  const seen: boolean[] = [];
  one.handler = {
    ...handler(1),
    onReset() {
      seen.push(one.closed, three.closed, table.size === 0);
      throw new Error("a handler's own fault");
    },
  };
  table.endAll(ErrorCode.NO_ERROR);
  expect(seen).toEqual([true, true, true]);
  expect(told.at(-1)).toBe("3 hears 0 connection");
  expect(told).not.toContain("idle");
});
