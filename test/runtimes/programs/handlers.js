/** What serves each kind of call, on every runtime and behind every mount. */
import { RpcError, status } from "gen-stubs-runtime";

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

export const handlers = {
  async unary({ text, number, payload }, call) {
    if (text === "refuse") {
      const error = new RpcError(status.NOT_FOUND, "näh, not here");
      error.metadata.set("why", "asked");
      error.metadata.set("raw-bin", new Uint8Array([0, 255]));
      throw error;
    }
    if (text === "throw") throw new Error("a secret");
    if (text.startsWith("wait")) {
      note(`begun ${text}`, "begun");
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
