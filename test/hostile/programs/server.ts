/** A server under attack: `server.js ours|grpc-js`. Tells its port, and, when asked, how it is. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Server as GrpcServer, type handleUnaryCall, ServerCredentials } from "@grpc/grpc-js";
import { http2Transport, Server } from "../../../src/runtime/index.js";
import { ANSWER_BYTES, HostileService, methods } from "../service.js";

/** Calls at a time on one connection, where the server bounds them: for the attack on running handlers. */
const maxConcurrentStreams = process.argv[3] === undefined ? undefined : Number(process.argv[3]);

const answer = { value: new Uint8Array(ANSWER_BYTES) };
let running = 0;
let mostRunning = 0;

async function idle(over: Promise<void>): Promise<void> {
  mostRunning = Math.max(mostRunning, ++running);
  await over;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  running--;
}

async function ours(): Promise<number> {
  const options = maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams };
  const server = new Server({ transport: http2Transport(options), onError: () => {} }).add(HostileService, {
    echo: () => answer,
    async idle(call) {
      await idle(new Promise((resolve) => call.signal.addEventListener("abort", () => resolve(), { once: true })));
      return answer;
    },
  });
  return (await server.listen("127.0.0.1:0")).port;
}

/** The same on grpc-js alone. */
async function grpcJs(): Promise<number> {
  const server = new GrpcServer(
    maxConcurrentStreams === undefined ? {} : { "grpc.max_concurrent_streams": maxConcurrentStreams },
  );
  const asIs = (bytes: Buffer): Buffer => bytes;
  const encoded = Buffer.concat([Buffer.from([0x0a, 0x80, 0x80, 0x01]), answer.value]);
  const echo: handleUnaryCall<Buffer, Buffer> = (_, respond) => respond(null, encoded);
  const codecs = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  server.addService(
    {
      Echo: { path: methods.echo.path, requestStream: false, responseStream: false, ...codecs },
      Idle: { path: methods.idle.path, requestStream: true, responseStream: false, ...codecs },
    },
    {
      Echo: echo,
      Idle: (call: { on(event: "cancelled", listener: () => void): void }) =>
        void idle(new Promise((resolve) => call.on("cancelled", resolve))),
    },
  );
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.send?.({ port: await (process.argv[2] === "ours" ? ours() : grpcJs()) });
process.on("message", (asked) => {
  const delayMs = delay.max / 1e6;
  globalThis.gc?.();
  const { heapUsed, rss, arrayBuffers } = process.memoryUsage();
  process.send?.({ delayMs, memory: heapUsed + arrayBuffers, rss, mostRunning });
  if (asked === "reset") delay.reset();
});
process.on("disconnect", () => process.exit(0));
