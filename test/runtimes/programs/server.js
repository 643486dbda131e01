/**
 * Serves each kind of call, in plain text and over TLS: `server.js <cert> <key>`. Prints the targets as JSON, then runs until
 * it is told to end by its standard input.
 */
import { readFileSync } from "node:fs";
import { RpcError, Server, status } from "gen-stubs-runtime";
import { webDoors } from "gen-stubs-runtime/web-server";
import { KindsService } from "./gen/kinds_grpc.js";

const [cert, key] = process.argv.slice(2).map((path) => readFileSync(path));

/** How calls ended for their handlers, by the text of their first message. */
const ended = new Map();
const waiting = new Map();

function note(text, how) {
  ended.set(text, how);
  waiting.get(text)?.(how);
}

function aborted(signal) {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

const handlers = {
  async unary({ text, number, payload }, call) {
    if (text === "refuse") {
      const error = new RpcError(status.NOT_FOUND, "näh, not here");
      error.metadata.set("why", "asked");
      error.metadata.set("raw-bin", new Uint8Array([0, 255]));
      throw error;
    }
    if (text === "throw") throw new Error("a secret");
    if (text.startsWith("wait")) {
      await aborted(call.signal);
      note(text, call.deadline === undefined ? "cancelled" : "deadline");
      throw new RpcError(status.CANCELLED);
    }
    return { text, number: number + 1, payload };
  },
  async *down({ text, number, payload }, call) {
    if (text.startsWith("endless")) {
      aborted(call.signal).then(() => note(text, "cancelled"));
      for (let i = 0; ; i++) yield { number: i, payload };
    }
    for (let i = 0; i < number; i++) yield { text, number: i, payload };
    if (text === "fail") throw new RpcError(status.ABORTED, "after all of them");
  },
  async up(call) {
    let number = 0;
    let bytes = 0;
    for await (const item of call) {
      number++;
      bytes += item.payload.length;
    }
    await call.sendAndClose({ number, text: String(bytes) });
  },
  async both(call) {
    for await (const item of call) await call.send(item);
  },
  async ended({ text }) {
    const how = ended.get(text) ?? (await new Promise((resolve) => waiting.set(text, resolve)));
    return { text: how };
  },
};

const server = new Server().add(KindsService, handlers);
const plain = await server.listen("127.0.0.1:0");
const tls = await server.listen("127.0.0.1:0", { tls: { cert, key } });
const web = await server.listen("127.0.0.1:0", { web: webDoors() });
const targets = {
  plain: `http://${plain.address}`,
  tls: `https://localhost:${tls.port}`,
  web: `http://${web.address}`,
};
console.log(JSON.stringify(targets));

process.stdin.on("end", async () => {
  await server.shutdown({ graceMs: 1000 });
  console.log("closed");
});
process.stdin.resume();
