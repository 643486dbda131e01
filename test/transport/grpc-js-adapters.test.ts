import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Client,
  credentials,
  Server as GrpcServer,
  InterceptingCall,
  type Interceptor,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { expect, onTestFinished, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { addToGrpcJs, grpcJsChannel, grpcJsTransport } from "../../src/runtime/grpc-js.js";
import { type Channel, connect, RpcError, Server, status } from "../../src/runtime/index.js";
import { rawPeer } from "../contract/harness/child.js";
import { answer, bytesFrame, rawServer } from "../contract/harness/raw-server.js";
import {
  TrialClient,
  type TrialHandlers,
  TrialService,
  trial,
  withDefaults,
} from "../contract/harness/trial-service.js";

const asIs = (bytes: Buffer): Buffer => bytes;
const foreign: ServiceDefinition = {
  Shout: {
    path: "/foreign.Voice/Shout",
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

async function bound(server: GrpcServer): Promise<number> {
  onTestFinished(() => server.forceShutdown());
  return await new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function closing(channel: Channel): TrialClient {
  onTestFinished(() => channel.close());
  return new TrialClient(channel);
}

const greeter: Partial<TrialHandlers> = {
  greet: ({ value }, call) => ({ value: `${value} ${call.metadata.get("x-by")}` }),
};

test("addToGrpcJs serves beside a service that was there already", async () => {
  const server = new GrpcServer();
  const shout: UntypedServiceImplementation = {
    Shout: (call: { request: Buffer }, callback: (error: null, value: Buffer) => void) =>
      callback(null, Buffer.from(call.request.toString().toUpperCase())),
  };
  server.addService(foreign, shout);
  addToGrpcJs(server, TrialService, withDefaults(greeter));
  const port = await bound(server);
  const client = closing(grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure()));
  expect((await client.greet({ value: "hello" }, { metadata: { "x-by": "us" } })).value).toBe("hello us");
  const raw = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => raw.close());
  const loud = await new Promise((resolve) =>
    raw.makeUnaryRequest("/foreign.Voice/Shout", asIs, asIs, Buffer.from("hi"), (_, value) => resolve(String(value))),
  );
  expect(loud).toBe("HI");
});

test("an existing grpc-js Client keeps its interceptors, and stays open when the channel closes", async () => {
  const server = new GrpcServer();
  addToGrpcJs(server, TrialService, withDefaults({ ...greeter, chat: echo }));
  const seen: string[] = [];
  const interceptor: Interceptor = (options, nextCall) => {
    const { path, requestStream, responseStream } = options.method_definition;
    seen.push(`${path} ${requestStream} ${responseStream}`);
    return new InterceptingCall(nextCall(options), {
      start(metadata, listener, next) {
        metadata.set("x-by", "the interceptor");
        next(metadata, listener);
      },
    });
  };
  const existing = new Client(`127.0.0.1:${await bound(server)}`, credentials.createInsecure(), {
    interceptors: [interceptor],
  });
  onTestFinished(() => existing.close());
  const channel = grpcJsChannel(existing);
  const client = new TrialClient(channel);
  expect((await client.greet({ value: "hello" })).value).toBe("hello the interceptor");
  const chat = client.chat();
  await chat.closeSend();
  expect(await chat.recv()).toBeUndefined();
  expect(seen).toEqual(["/contract.v1.Trial/Greet false false", "/contract.v1.Trial/Chat true true"]);
  await channel.close();
  await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: status.UNAVAILABLE });
  expect((await new TrialClient(grpcJsChannel(existing)).greet({ value: "again" })).value).toBe(
    "again the interceptor",
  );
});

test("a Client that its owner has closed is UNAVAILABLE, not an exception", async () => {
  const existing = new Client("127.0.0.1:1", credentials.createInsecure());
  existing.close();
  const client = new TrialClient(grpcJsChannel(existing));
  await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: status.UNAVAILABLE });
  await expect(client.chat().recv()).rejects.toMatchObject({ code: status.UNAVAILABLE });
});

test("unix sockets", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gen-stubs-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const server = new Server({ transport: grpcJsTransport() }).add(TrialService, withDefaults(greeter));
  onTestFinished(() => server.shutdown());
  const { address, port } = await server.listen(`unix:${folder}/socket`);
  expect({ address, port }).toEqual({ address: `unix:${folder}/socket`, port: 0 });
  const client = closing(grpcJsChannel(address, credentials.createInsecure()));
  expect((await client.greet({ value: "hello" }, { metadata: { "x-by": "socket" } })).value).toBe("hello socket");
});

test("dns:///: names go to grpc-js's resolvers", async () => {
  const server = new Server().add(TrialService, withDefaults(greeter));
  onTestFinished(() => server.shutdown());
  const { port } = await server.listen("127.0.0.1:0");
  const client = closing(connect(`dns:///localhost:${port}`));
  expect((await client.greet({ value: "hello" }, { metadata: { "x-by": "name" } })).value).toBe("hello name");
});

test("waitForReady waits for a server that comes later", async () => {
  const early = await rawServer(() => {});
  await early.close(); // a port that is free for now
  const client = closing(grpcJsChannel(`127.0.0.1:${early.port}`, credentials.createInsecure(), FAST_RECONNECT));
  const waiting = client.greet({ value: "hello" }, { waitForReady: true, metadata: { "x-by": "patience" } });
  await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: status.UNAVAILABLE });
  const server = new Server({ transport: grpcJsTransport() }).add(TrialService, withDefaults(greeter));
  onTestFinished(() => server.shutdown());
  await server.listen(`127.0.0.1:${early.port}`);
  expect((await waiting).value).toBe("hello patience");
});

const FAST_RECONNECT = { "grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 200 };

test("P14 keepalive notices a server that has stopped without a word", async () => {
  const { child, line } = await rawPeer("serve");
  const keepalive = { "grpc.keepalive_time_ms": 200, "grpc.keepalive_timeout_ms": 200 };
  const client = closing(grpcJsChannel(`127.0.0.1:${line}`, credentials.createInsecure(), keepalive));
  const reader = client.download({ value: 0 });
  for (let i = 0; i < 3; i++) await reader.recv();
  child.kill("SIGSTOP");
  await expect(reader.recv()).rejects.toMatchObject({ code: status.UNAVAILABLE });
});

test("a request that is no message ends with INTERNAL on both sides", async () => {
  let heard: unknown;
  const server = new GrpcServer();
  const done = new Promise<void>((resolve) => {
    addToGrpcJs(
      server,
      TrialService,
      withDefaults({
        async upload(call) {
          heard = await call.recv().catch((error: unknown) => error);
          resolve();
        },
      }),
    );
  });
  const raw = new Client(`127.0.0.1:${await bound(server)}`, credentials.createInsecure());
  onTestFinished(() => raw.close());
  const ended = await new Promise((resolve) => {
    const call = raw.makeClientStreamRequest("/contract.v1.Trial/Upload", asIs, asIs, resolve);
    call.write(Buffer.from([0x0a, 0x7f]));
  });
  expect(ended).toMatchObject({ code: status.INTERNAL });
  await done;
  expect(heard).toBeInstanceOf(RpcError);
  expect(heard).toMatchObject({ code: status.INTERNAL });
});

async function echo(call: Parameters<TrialHandlers["chat"]>[0]): Promise<void> {
  for await (const note of call) await call.send(note);
}

test("closing ends calls of which grpc-js never reports the end (P13)", async () => {
  const silent: Interceptor = (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) => next(metadata, { onReceiveStatus: () => {} }),
    });
  const server = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
  onTestFinished(() => server.shutdown());
  const { port } = await server.listen("127.0.0.1:0");
  const channel = grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure(), { interceptors: [silent] });
  const call = new TrialClient(channel).greet({ value: "" });
  await channel.close({ graceMs: 10 });
  await expect(call).rejects.toMatchObject({ code: status.CANCELLED, details: "the channel was closed" });
});

test.each(["in the turn of its start", "while there is no connection yet"])(
  "a call that is cancelled %s leaves no stream behind: the connection can close (P4, P13)",
  async (when) => {
    const gone = new Deferred<void>();
    const server = await rawServer((stream, headers) => {
      stream.session?.once("close", () => gone.resolve());
      if (headers[":path"] === trial.greet.path) answer(stream, bytesFrame(new Uint8Array(0)), { "grpc-status": 0 });
    });
    onTestFinished(server.close);
    const channel = grpcJsChannel(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const client = new TrialClient(channel);
    if (when !== "while there is no connection yet") await client.greet({ value: "" });
    const upload = client.upload();
    upload.cancel();
    expect((await upload.status).code).toBe(status.CANCELLED);
    await client.greet({ value: "" });
    await channel.close();
    await gone.promise;
  },
);
