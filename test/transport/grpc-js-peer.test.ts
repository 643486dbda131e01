import * as grpc from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import { Metadata } from "../../src/runtime/core/metadata.js";
import { status } from "../../src/runtime/core/status.js";
import { http2Channel, listenHttp2 } from "./listen.js";
import { type Accept, bytesMethod, echo, methodServers, ok, Recorder, ServerRecorder, text } from "./support.js";

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

const identity = (message: Buffer) => message;

function definition(name: string): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path: `/test.Test/${name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
}

async function grpcServer(handler: grpc.handleBidiStreamingCall<Buffer, Buffer>): Promise<string> {
  const server = new grpc.Server();
  server.addService({ M: definition("M") }, { M: handler });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  undo.push(() => server.forceShutdown());
  return `http://127.0.0.1:${port}`;
}

async function ourServer(accept: Accept): Promise<grpc.Client> {
  const listener = await listenHttp2(methodServers({ M: accept }), "127.0.0.1:0");
  undo.push(() => listener.shutdown(0));
  const client = new grpc.Client(listener.address, grpc.credentials.createInsecure());
  undo.push(() => client.close());
  return client;
}

function bidi(
  client: grpc.Client,
  metadata = new grpc.Metadata(),
  options: grpc.CallOptions = {},
): grpc.ClientDuplexStream<Buffer, Buffer> {
  return client.makeBidiStreamRequest("/test.Test/M", identity, identity, metadata, options);
}

test("our client, a grpc-js server: 20,000 messages each way, metadata and status", async () => {
  const target = await grpcServer((call) => {
    const header = new grpc.Metadata();
    header.set("seen", call.metadata.get("ask").join(","));
    header.set("twice-bin", Buffer.from([1]));
    header.add("twice-bin", Buffer.from([2, 3]));
    call.sendMetadata(header);
    call.on("data", (message: Buffer) => {
      if (!call.write(message)) {
        call.pause();
        call.once("drain", () => call.resume());
      }
    });
    call.on("end", () => {
      const trailer = new grpc.Metadata();
      trailer.set("bye", "now");
      call.end(trailer);
    });
  });
  const channel = http2Channel(target);
  undo.push(() => channel.close());
  const metadata = new Metadata();
  metadata.set("ask", "this");
  const call = Recorder.start(channel, bytesMethod("M"), { metadata });
  let sent = 0;
  const pump = () => {
    while (sent < 20_000) if (!call.stream.write(text(String(sent++)))) return;
    call.stream.closeSend();
  };
  call.onDrain = pump;
  pump();
  const result = await call.status;
  expect(result).toMatchObject({ code: status.OK, details: "OK" });
  expect(result.metadata.get("bye")).toEqual(["now"]);
  expect(call.header?.get("seen")).toEqual(["this"]);
  expect(call.header?.get("twice-bin")).toEqual([Buffer.from([1]), Buffer.from([2, 3])]);
  expect(call.text.every((message, index) => message === String(index))).toBe(true);
  expect(call.messages.length).toBe(20_000);
});

test("a grpc-js client, our server: 20,000 messages each way and the status", async () => {
  const client = await ourServer(echo);
  const call = bidi(client);
  const received: string[] = [];
  call.on("data", (message: Buffer) => received.push(message.toString()));
  const ended = new Promise<grpc.StatusObject>((resolve) => call.on("status", resolve));
  for (let i = 0; i < 20_000; i++) call.write(Buffer.from(String(i)));
  call.end();
  expect(await ended).toMatchObject({ code: status.OK });
  expect(received.length).toBe(20_000);
  expect(received.every((message, index) => message === String(index))).toBe(true);
});

test("a grpc-js client that cancels: our server's call is cancelled", async () => {
  let server!: ServerRecorder;
  const client = await ourServer((stream) => (server = new ServerRecorder(stream)));
  const call = bidi(client);
  call.on("error", () => {});
  call.write(Buffer.from("a"));
  while (server === undefined) await new Promise((resolve) => setImmediate(resolve));
  await server.until(() => server.messages.length === 1);
  call.cancel();
  await server.until(() => server.cancelled !== undefined || server.halfClosed);

  await server.until(() => server.cancelled !== undefined);
});

test("an early answer of ours reaches a grpc-js client that still sends (P15)", async () => {
  const client = await ourServer((stream) => ({
    onReadable() {
      stream.write(text("enough"));
      stream.finish(ok());
      stream.handlerDone();
    },
    onHalfClose() {},
    onDrain() {},
    onCancel() {},
  }));
  const call = bidi(client);
  const received: string[] = [];
  call.on("data", (message: Buffer) => received.push(message.toString()));
  call.on("error", () => {});
  const ended = new Promise<grpc.StatusObject>((resolve) => call.on("status", resolve));
  for (let i = 0; i < 200; i++) call.write(Buffer.alloc(10_000));
  expect(await ended).toMatchObject({ code: status.OK });
  expect(received).toEqual(["enough"]);
});

test("compression both ways with grpc-js peers", async () => {
  for (const algorithm of [1, 2]) {
    const name = algorithm === 1 ? "deflate" : "gzip";
    const listener = await listenHttp2(methodServers({ M: echo }), "127.0.0.1:0", { compression: name });
    undo.push(() => listener.shutdown(0));
    const client = new grpc.Client(listener.address, grpc.credentials.createInsecure(), {
      "grpc.default_compression_algorithm": algorithm,
    });
    undo.push(() => client.close());
    const call = bidi(client);
    const received: Buffer[] = [];
    call.on("data", (message: Buffer) => received.push(message));
    const ended = new Promise<grpc.StatusObject>((resolve) => call.on("status", resolve));
    for (let i = 0; i < 10; i++) call.write(Buffer.alloc(5000, i));
    call.end();
    expect(await ended).toMatchObject({ code: status.OK });
    expect(Buffer.concat(received)).toEqual(Buffer.concat(Array.from({ length: 10 }, (_, i) => Buffer.alloc(5000, i))));

    const target = await grpcServer((server) => {
      server.on("data", (message: Buffer) => server.write(message));
      server.on("end", () => server.end());
    });
    const channel = http2Channel(target);
    undo.push(() => channel.close());
    const ours = Recorder.start(channel, bytesMethod("M"), { compression: name });
    for (let i = 0; i < 10; i++) ours.stream.write(Buffer.alloc(5000, i));
    ours.stream.closeSend();
    expect(await ours.status).toMatchObject({ code: status.OK });
    expect(Buffer.concat(ours.messages)).toEqual(Buffer.concat(received));
  }
});
