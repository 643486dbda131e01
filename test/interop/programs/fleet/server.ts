// One server of a fleet: server.js ID HOST PORT [OPTIONS]
//
// OPTIONS is JSON: {"drainMs":N,"graceMs":N,"cert":FILE,"key":FILE,"ca":FILE}. GetData answers with the id as its name, Chat echoes with
// the id as the user. Lines on stdin change how it behaves: "slow N" (milliseconds), "hang" (answers nothing), "fail" (UNAVAILABLE),
// "normal", "unhealthy", "healthy". SIGTERM: NOT_SERVING, `drainMs` later a graceful shutdown. Prints its port, then why clients were refused.

import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionEvent, RpcError, Server, type ServerInterceptor, status } from "gen-stubs-runtime";
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { type DataServiceHandlers, DataServiceService } from "../../gen/data_grpc.js";
import { emit } from "../emit.js";

interface Options {
  readonly drainMs?: number;
  readonly graceMs?: number;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

const [id = "a", host = "127.0.0.1", port = "0", options = "{}"] = process.argv.slice(2);
// The run passes all of them.
const { drainMs = 0, graceMs = 5_000, cert, key, ca } = JSON.parse(options) as Options;
const never = new Promise<never>(() => {});
let behave = async (): Promise<void> => {};

const handlers: DataServiceHandlers = {
  async getData({ id: asked }) {
    await behave();
    return { id: asked, name: id };
  },
  async *subscribeData({ topics }, { signal }) {
    for (let i = 0; !signal.aborted; i++) {
      yield { topic: id, point: { value: i } };
      await delay(Number(topics[0] ?? 20), undefined, { signal });
    }
  },
  async uploadFile(call) {
    let size = 0n;
    for await (const { content } of call) if (content.case === "data") size += BigInt(content.value.length);
    await behave();
    await call.sendAndClose({ fileId: id, size });
  },
  async chat(call) {
    for await (const { message } of call) {
      await behave();
      await call.send({ user: id, message });
    }
  },
};

/** Whose certificate came, where TLS asks for one. */
const noteClient: ServerInterceptor = async (call, next) => {
  call.trailer.set("x-client-certificate", call.connection.tls?.certificate?.subject ?? "none");
  await next();
};

const health = new HealthImplementation();
const server = new Server({ interceptors: [noteClient] })
  .add(DataServiceService, handlers)
  .add(HealthService, health, { unlimited: true, interceptors: [] });
const file = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path));
const tls =
  cert === undefined
    ? undefined
    : { cert: file(cert), key: file(key), ca: file(ca), requestCert: true, rejectUnauthorized: true };
const bound = await server.listen(`${host}:${port}`, { tls });
emit({ port: bound.port });
// Who is not let in.
subscribe("gen-stubs:connection", (event) => {
  const { state, reason } = event as ConnectionEvent; // as the runtime documents it
  if (state === "closed" && reason?.includes("TLS") === true) emit({ refused: reason });
});

const commands: Readonly<Record<string, (argument: string) => void>> = {
  slow(ms) {
    behave = () => delay(Number(ms));
  },
  hang() {
    behave = () => never;
  },
  fail() {
    behave = () => Promise.reject(new RpcError(status.UNAVAILABLE, `${id} is told to fail`));
  },
  normal() {
    behave = async () => {};
  },
  unhealthy: () => health.set("", "NOT_SERVING"),
  healthy: () => health.set("", "SERVING"),
};
createInterface({ input: process.stdin }).on("line", (line) => {
  const [name = "", argument = ""] = line.split(" ");
  commands[name]?.(argument);
});

process.once("SIGTERM", async () => {
  health.shutdown();
  await delay(drainMs);
  await server.shutdown({ graceMs });
  process.exit();
});
