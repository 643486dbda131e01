import { RpcError } from "../../../src/runtime/core/rpc-error.js";
import { webSocketChannel } from "../../../src/runtime/web-socket.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { expose } from "./expose.js";

const channel = webSocketChannel("/grpc", { initialBackoffMs: 60_000, maxBackoffMs: 60_000 });
const client = new TrialClient(channel);

/** What a call ended with, in words. */
async function ending(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "OK";
  } catch (error) {
    return error instanceof RpcError ? `${error.code} ${error.details}` : `no RpcError: ${String(error)}`;
  }
}

async function readAll(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

let slow: ReturnType<TrialClient["download"]> | undefined;

expose({
  async greet(value: string) {
    return (await client.greet({ value })).value;
  },
  /** Reads a stream to its end: how many messages, and how many bytes. */
  async download(count: number) {
    let [messages, bytes] = [0, 0];
    for await (const { value } of client.download({ value: count })) {
      messages++;
      bytes += value.length;
    }
    return { messages, bytes };
  },
  async upload(count: number, size: number) {
    const call = client.upload();
    const value = new Uint8Array(size);
    for (let i = 0; i < count; i++) await call.send({ value });
    return (await call.closeAndRecv()).value;
  },
  /** Both ways at once: sends the next when the answer to the last is there. */
  async chat(count: number) {
    await using call = client.chat();
    const answers: string[] = [];
    for (let i = 0; i < count; i++) {
      await call.send({ value: `message ${i}` });
      answers.push((await call.recv())?.value ?? "(end)");
    }
    await call.closeSend();
    return { answers, end: await call.recv() };
  },
  async deadline() {
    return ending(readAll(client.download({ value: -1 }, { timeoutMs: 100 })));
  },
  async refused(url: string) {
    await using other = webSocketChannel(url);
    return await ending(new TrialClient(other).greet({ value: "let me in" }));
  },
  /** Begins to read and reads no more than this many messages. */
  async readSome(count: number) {
    slow ??= client.download({ value: 100_000 });
    for (let i = 0; i < count; i++) await slow.recv();
  },
  async readRest() {
    let messages = 0;
    for await (const _ of slow!) messages++;
    slow = undefined;
    return messages;
  },
  async breakOut() {
    for await (const _ of client.download({ value: -1 })) break;
  },
  downloadUntilItEnds() {
    return ending(readAll(client.download({ value: -1 })));
  },
  async greetWhenReady(value: string) {
    return (await client.greet({ value }, { waitForReady: true })).value;
  },
  /** Begins a call that stays open. */
  stay() {
    void client.download({ value: -1 });
  },
  state: () => channel.state,
  heap() {
    (globalThis as unknown as { gc(): void }).gc(); // Chromium is started with it
    return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize; // Chromium's own
  },
});
