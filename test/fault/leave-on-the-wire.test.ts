import { BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import * as codegen from "../../src/runtime/codegen-v1.js";
import { type Channel, connect, status } from "../../src/runtime/index.js";
import { DATA, END_STREAM, HEADERS, RST_STREAM, WINDOW_UPDATE } from "./frames.js";
import { type RawPeer, RawServer } from "./raw-peer.js";

const CANCEL = 8;
const INITIAL_WINDOW_SIZE = 4;
const bytes = es(BytesValueSchema);
const download = codegen.serverStreaming("/test.Test/Download", bytes, bytes);
const upload = codegen.clientStreaming("/test.Test/Upload", bytes, bytes);
const chat = codegen.bidiStreaming("/test.Test/Chat", bytes, bytes);
const small = { value: new Uint8Array([1]) };
const large = { value: new Uint8Array(100_000) };
/** A gRPC frame around the BytesValue [1]. */
const message = Buffer.from([0, 0, 0, 0, 3, 0x0a, 1, 1]);

let server: RawServer;
let channel: Channel;
beforeEach(async () => {
  server = await RawServer.listen();
  channel = connect(server.target);
});
afterEach(async () => {
  await channel.close();
  await server.close();
});

/** Waits for the request's headers; with `answer`, responds with headers and one message. */
async function opened({ answer = false } = {}): Promise<RawPeer> {
  const peer = await server.peer();
  await peer.next((frame) => frame.type === HEADERS);
  if (answer) {
    peer.respond(1);
    peer.data(1, message);
  }
  return peer;
}

/** All that came on stream 1, by the time a later call's headers came: nothing more can follow then. */
async function wire(peer: RawPeer): Promise<{ types: number[]; ended: boolean; reset: number | undefined }> {
  const later = codegen.callBidiStreaming(channel, chat);
  await peer.next((frame) => frame.type === HEADERS && frame.stream === 3);
  later.cancel();
  const frames = peer.log.filter((frame) => frame.stream === 1 && frame.type !== WINDOW_UPDATE);
  return {
    types: frames.map((frame) => frame.type),
    ended: frames.some(({ type, flags }) => (type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0),
    reset: frames.find(({ type }) => type === RST_STREAM)?.payload.readUInt32BE(0),
  };
}
const noEnd = { ended: false, reset: CANCEL };
const cancelled = { status: "rejected", reason: expect.objectContaining({ code: status.CANCELLED }) };

describe("P6 break out of for await: RST_STREAM(CANCEL) alone", () => {
  test("bidi, send side open", async () => {
    const call = codegen.callBidiStreaming(channel, chat);
    const sent = call.send(small);
    const peer = await opened({ answer: true });
    for await (const one of call) {
      expect(one).toMatchObject(small);
      break;
    }
    expect(await sent).toBe(true);
    expect(await wire(peer)).toEqual({ types: [HEADERS, DATA, RST_STREAM], ...noEnd });
    expect(await call.status).toMatchObject({ code: status.CANCELLED });
  });

  test("bidi, with writes queued behind a closed window", async () => {
    server.greeting = [[INITIAL_WINDOW_SIZE, 10]];
    const call = codegen.callBidiStreaming(channel, chat);
    const sent = Promise.allSettled([call.send(large), call.send(large)]);
    const peer = await opened({ answer: true });
    await peer.next((frame) => frame.type === DATA);
    for await (const _ of call) break;
    expect((await sent).at(-1)).toEqual(cancelled);
    const { types, ...end } = await wire(peer);
    expect(end).toEqual(noEnd);
    expect(types.at(-1)).toBe(RST_STREAM);
    expect(types.filter((type) => type === RST_STREAM)).toHaveLength(1);
  });

  test("bidi, closed for sending behind a closed window", async () => {
    server.greeting = [[INITIAL_WINDOW_SIZE, 0]];
    const call = codegen.callBidiStreaming(channel, chat);
    const sent = Promise.allSettled([call.send(large), call.closeSend()]);
    const peer = await opened({ answer: true });
    for await (const _ of call) break;
    await sent;
    const { types, ...end } = await wire(peer);
    expect(end).toEqual(noEnd);
    expect(types.at(-1)).toBe(RST_STREAM);
  });

  test("bidi, batches", async () => {
    const call = codegen.callBidiStreaming(channel, chat);
    const peer = await opened({ answer: true });
    for await (const batch of call.batches()) {
      expect(batch).toHaveLength(1);
      break;
    }
    expect(await wire(peer)).toEqual({ types: [HEADERS, RST_STREAM], ...noEnd });
  });

  test("server streaming, its request queued behind a closed window", async () => {
    server.greeting = [[INITIAL_WINDOW_SIZE, 10]];
    const call = codegen.callServerStreaming(channel, download, large);
    const peer = await opened({ answer: true });
    for await (const _ of call) break;
    const { types, ...end } = await wire(peer);
    expect(end).toEqual(noEnd);
    expect(types.at(-1)).toBe(RST_STREAM);
  });

  test("server streaming, its request out: one END_STREAM, the request's own, then the reset", async () => {
    const call = codegen.callServerStreaming(channel, download, small);
    const peer = await opened({ answer: true });
    await peer.next((frame) => frame.type === DATA && (frame.flags & END_STREAM) !== 0);
    for await (const _ of call) break;
    const { types, reset } = await wire(peer);
    expect(types).toEqual([HEADERS, DATA, RST_STREAM]);
    expect(reset).toBe(CANCEL);
  });
});

describe("P6 leaving an await using block: RST_STREAM(CANCEL) alone", () => {
  const calls = {
    "client streaming": () => codegen.callClientStreaming(channel, upload),
    bidi: () => codegen.callBidiStreaming(channel, chat),
  };
  for (const [kind, start] of Object.entries(calls)) {
    test(`${kind}, send side open`, async () => {
      let peer: RawPeer;
      {
        await using call = start();
        expect(await call.send(small)).toBe(true);
        peer = await opened();
        await peer.next((frame) => frame.type === DATA);
      }
      expect(await wire(peer)).toEqual({ types: [HEADERS, DATA, RST_STREAM], ...noEnd });
    });

    test(`${kind}, by an error thrown in the block`, async () => {
      const leave = async () => {
        await using call = start();
        await call.send(small);
        await (await opened()).next((frame) => frame.type === DATA);
        throw new Error("mine");
      };
      await expect(leave()).rejects.toThrow("mine");
      expect(await wire(await server.peer())).toEqual({ types: [HEADERS, DATA, RST_STREAM], ...noEnd });
    });

    test(`${kind}, with writes queued behind a closed window`, async () => {
      server.greeting = [[INITIAL_WINDOW_SIZE, 10]];
      let peer: RawPeer;
      let sent: Promise<PromiseSettledResult<boolean>[]>;
      {
        await using call = start();
        sent = Promise.allSettled([call.send(large), call.send(large)]);
        peer = await opened();
        await peer.next((frame) => frame.type === DATA);
      }
      expect((await sent).at(-1)).toEqual(cancelled);
      const { types, ...end } = await wire(peer);
      expect(end).toEqual(noEnd);
      expect(types.at(-1)).toBe(RST_STREAM);
    });

    test(`${kind}, before its headers are out: nothing of the call goes out`, async () => {
      {
        await using call = start();
        call.send(small);
      }
      codegen.callBidiStreaming(channel, chat);
      const peer = await server.peer();
      const first = await peer.next((frame) => frame.type === HEADERS);
      // Stream 1 is the later call's: the one that was left never had a stream.
      expect(first.stream).toBe(1);
      expect(peer.log.filter(({ type, stream }) => stream !== 0 && type !== WINDOW_UPDATE)).toEqual([first]);
    });
  }

  test("server streaming, before its headers are out: nothing of the call goes out", async () => {
    {
      await using _ = codegen.callServerStreaming(channel, download, small);
    }
    codegen.callBidiStreaming(channel, chat);
    const peer = await server.peer();
    const first = await peer.next((frame) => frame.type === HEADERS);
    expect(peer.log.filter(({ type, stream }) => stream !== 0 && type !== WINDOW_UPDATE)).toEqual([first]);
  });
});
