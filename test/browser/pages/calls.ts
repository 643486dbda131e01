import { RpcError } from "../../../src/runtime/core/rpc-error.js";
import type { Channel } from "../../../src/runtime/web.js";
import { TrialClient } from "../../contract/harness/trial-service.js";

/** What a call ended with, in words. */
export async function ending(promise: Promise<unknown>): Promise<string> {
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

/** What a test may ask a page for, whatever its channel is. */
export function callsOver(channel: Channel) {
  const client = new TrialClient(channel);
  let slow: ReturnType<TrialClient["download"]> | undefined;
  return {
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
    async deadline() {
      return ending(readAll(client.download({ value: -1 }, { timeoutMs: 100 })));
    },
    /** Begins to read and reads no more than this many messages. */
    async readSome(count: number, total = 100_000) {
      slow ??= client.download({ value: total });
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
    /** Begins a call that stays open. */
    stay() {
      void client.download({ value: -1 });
    },
    heap() {
      (globalThis as unknown as { gc(): void }).gc(); // Chromium is started with it
      return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize; // Chromium's own
    },
  };
}
