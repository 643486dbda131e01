import { describe, expect, test } from "vitest";
import { ErrorCode } from "../../src/runtime/h2/index.js";
import { ACK, data, END_STREAM, frame, goaway, headers, ping, REQUEST, RESPONSE } from "./support/frames.js";
import { ClientPeer, ServerPeer, shown } from "./support/peer.js";

describe("going in peace", () => {
  test("6.8 a server says GOAWAY in two steps: what was on its way between them is served", () => {
    const peer = new ClientPeer();
    peer.send(headers(1, REQUEST, END_STREAM));
    peer.connection.shutdown("maintenance");
    const [first, asked] = peer.output();
    expect(shown([first!])).toEqual(["GOAWAY 0 2147483647 NO_ERROR: maintenance"]);
    expect(asked?.type).toBe("PING");
    peer.send(headers(3, REQUEST));
    expect(shown(peer.send(frame(6, ACK, 0, asked?.payload)))).toEqual(["GOAWAY 0 3 NO_ERROR: maintenance"]);
    expect(peer.streams).toHaveLength(2);
    expect(shown(peer.send(headers(5, REQUEST), data(5, "late", END_STREAM)))).toEqual([]);
    expect(peer.streams).toHaveLength(2);
    peer.streams[0]?.stream.sendHeaders([...RESPONSE], true);
    expect(peer.log).toEqual([]);
    peer.streams[1]?.stream.sendHeaders([...RESPONSE], true);
    peer.send(data(3, "", END_STREAM));
    expect(peer.log).toEqual(["idle", "closed"]);
    expect(peer.error).toBeUndefined();
    expect(peer.environment.timers).toBe(0);
  });

  test("6.8 a client that does not answer the PING gets the second step after a second", () => {
    const peer = new ClientPeer();
    peer.connection.shutdown();
    peer.output();
    peer.environment.advance(1000);
    expect(shown(peer.output())).toEqual(["GOAWAY 0 0 NO_ERROR"]);
    expect(peer.log).toEqual(["closed"]);
  });

  test("an idle server closes when the PING is answered; a second shutdown changes nothing", () => {
    const peer = new ClientPeer();
    peer.connection.shutdown();
    peer.connection.shutdown();
    const frames = peer.output();
    expect(frames).toHaveLength(2);
    peer.send(frame(6, ACK, 0, frames[1]?.payload));
    expect(peer.log).toEqual(["closed"]);
  });

  test("a client's shutdown waits for its calls", () => {
    const peer = new ServerPeer();
    const call = peer.request(REQUEST, true);
    peer.connection.shutdown();
    expect(peer.connection).toMatchObject({ availableStreams: 0, closed: false });
    peer.send(headers(1, RESPONSE, END_STREAM));
    expect(call.events).toEqual([`headers ${RESPONSE.join(" ")} END`]);
    expect(peer.log).toEqual(["idle", "closed"]);
    expect(peer.error).toBeUndefined();
  });

  test("close resets every stream and says why", () => {
    const peer = new ClientPeer();
    peer.send(headers(1, REQUEST), headers(3, REQUEST));
    peer.connection.close(ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings");
    expect(shown(peer.output())).toEqual(["GOAWAY 0 3 ENHANCE_YOUR_CALM: too_many_pings"]);
    expect(peer.streams.map(({ events }) => events.at(-1))).toEqual(["reset 11 connection", "reset 11 connection"]);
    expect(peer.log).toEqual(["closed"]);
  });

  test("a handler that throws ends the connection, not the process", () => {
    const peer = new ClientPeer();
    peer.send(headers(1, REQUEST));
    peer.streams[0]!.onData = () => {
      throw new Error("oops");
    };
    expect(shown(peer.send(data(1, "x"))).at(-1)).toMatch(/^GOAWAY 0 1 INTERNAL_ERROR: \S/);
    expect(peer.error?.cause).toMatchObject({ message: "oops" });
    expect(peer.streams[0]?.events.at(-1)).toBe("reset 2 connection");
  });

  test("a stream ends on both sides before the connection is told to be idle", () => {
    const peer = new ServerPeer();
    peer.request(REQUEST, true);
    peer.send(goaway(1), ping());
    expect(peer.log).toEqual(["goaway 1 0 "]);
    peer.send(headers(1, RESPONSE), data(1, "abc", END_STREAM));
    expect(peer.log).toEqual(["goaway 1 0 ", "idle", "closed"]);
  });
});
