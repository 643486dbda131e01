import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RpcError } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";

/** All that an autocompletion would offer, but for what every object has. */
function members(object: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Reflect.ownKeys(at)) if (name !== "constructor") names.add(String(name));
  }
  return [...names].sort();
}

const DISPOSE = String(Symbol.asyncDispose); // of Node 20's own naming
const ITERATE = String(Symbol.asyncIterator);
const CLIENT = [DISPOSE, "cancel", "compressed", "connection", "header", "peer", "status", "trailer"];
const SERVER = [
  "compressed",
  "connection",
  "context",
  "deadline",
  "metadata",
  "method",
  "peer",
  "sendHeader",
  "signal",
  "timeoutMs",
  "trailer",
];
const SENDS = ["send", "sendAll"];
const RECEIVES = [ITERATE, "batches", "recv"];

contract("call objects", (keeps) => {
  keeps("call objects: a signal that a handler asks for after a refused message has aborted", async ({ start }) => {
    const asked = new Deferred<AbortSignal>();
    const { client } = await start({
      async upload(call) {
        await call.recv().catch(() => undefined);
        asked.resolve(call.signal);
      },
    });
    const upload = client.upload();
    upload.send({ value: new Uint8Array(4 * 1024 * 1024 + 1) });
    await rejection(upload.closeAndRecv());
    const signal = await asked.promise;
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(RpcError);
  });

  keeps("call objects: a client's show their documented members, and no more", async ({ start }) => {
    const { client } = await start({ greet: (request) => request });
    const [download, upload, chat] = [client.download({ value: 0 }), client.upload(), client.chat()];
    expect(members(download)).toEqual([...CLIENT, ...RECEIVES].sort());
    expect(members(upload)).toEqual([...CLIENT, ...SENDS, "closeAndRecv"].sort());
    expect(members(chat)).toEqual([...CLIENT, ...SENDS, ...RECEIVES, "closeSend"].sort());
    for (const call of [download, upload, chat]) call.cancel();
  });

  keeps("call objects: a server's show their documented members, and no more", async ({ start }) => {
    const seen = { greet: new Deferred<string[]>(), download: new Deferred<string[]>() };
    const more = { upload: new Deferred<string[]>(), chat: new Deferred<string[]>() };
    const { client } = await start({
      greet(request, call) {
        seen.greet.resolve(members(call));
        return request;
      },
      async download(_, call) {
        seen.download.resolve(members(call));
      },
      async upload(call) {
        more.upload.resolve(members(call));
        return { value: 1 };
      },
      async chat(call) {
        more.chat.resolve(members(call));
      },
    });
    await client.greet({ value: "" });
    await client.download({ value: 0 }).status;
    await client.upload().closeAndRecv();
    await client.chat().status;
    expect(await seen.greet.promise).toEqual(SERVER);
    expect(await seen.download.promise).toEqual([...SERVER, ...SENDS].sort());
    expect(await more.upload.promise).toEqual([...SERVER, ...RECEIVES, "sendAndClose"].sort());
    expect(await more.chat.promise).toEqual([...SERVER, ...SENDS, ...RECEIVES].sort());
  });
});
