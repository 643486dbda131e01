/** Client and server of one variant, in one process: process.js RUNTIME VARIANT. Each message asks for a round of that many calls. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { variants } from "./variants.js";

/** A version of the runtime, by where it is compiled: today's or an older one. */
type Runtime = typeof import("../../src/runtime/index.js");
type Codegen = typeof import("../../src/runtime/codegen-v1.js");
type Codec = import("../../src/runtime/core/codec.js").Codec<Uint8Array>;

const [, , runtime = "", name = "nothing"] = process.argv;
const variant = variants[name] ?? {};
const load = (file: string): Promise<unknown> => import(pathToFileURL(join(runtime, file)).href);
const { connect, Server } = (await load("index.js")) as Runtime;
const { callServerStreaming, callUnary, serverStreaming, service, unary } = (await load("codegen-v1.js")) as Codegen;
if (variant.currentCall === true) await load("current-call.js");

const bytes: Codec = {
  typeName: "bytes",
  encode(message, into) {
    into.reserve(message.length);
    into.bytes.set(message, into.position);
    into.position += message.length;
  },
  decode: (message) => message.slice(),
};
const methods = {
  echo: unary("/bench.Around/Echo", bytes, bytes),
  stream: serverStreaming("/bench.Around/Stream", bytes, bytes),
};
interface Handlers {
  echo(request: Uint8Array): Uint8Array;
  stream(request: Uint8Array, call: { send(message: Uint8Array): Promise<boolean> }): Promise<void>;
}

const message = new Uint8Array(20);
const MESSAGES = 20;
const server = new Server(variant.server).add(service<Handlers>("bench.Around", methods), {
  echo: (request) => request,
  async stream(_, call) {
    for (let at = 0; at < MESSAGES; at++) await call.send(message);
  },
});
const { port } = await server.listen("127.0.0.1:0");
const channel = connect(`http://127.0.0.1:${port}`, variant.channel);

const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  unary: () => callUnary(channel, methods.echo, message),
  async stream() {
    for await (const _ of callServerStreaming(channel, methods.stream, message));
  },
};

process.on("message", async ({ kind, calls }: { kind: string; calls: number }) => {
  const call = kinds[kind] as () => Promise<unknown>; // the parent names no other
  const before = process.cpuUsage();
  const worker = async (): Promise<void> => {
    for (let left = calls / 64; left > 0; left--) await call();
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  const { user, system } = process.cpuUsage(before);
  process.send?.((user + system) / calls);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
