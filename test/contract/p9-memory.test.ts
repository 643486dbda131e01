import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { contract } from "./harness/harness.js";
import { settled } from "./harness/settled.js";

const SIZE = 16 * 1024;
const CHUNK = { value: new Uint8Array(SIZE) };
const COUNT = 2_048; // 32 MiB
/** What may wait between a sender and a reader that does not read: windows, marks and what a transport reads ahead. */
const BOUND = 8 * 1024 * 1024;

contract("P9", (keeps) => {
  keeps("P9 a client that does not read stops the server, and gets everything when it does", async ({ start }) => {
    let sent = 0;
    const { client } = await start({
      async download(_, call) {
        for (; sent < COUNT; sent++) await call.send(CHUNK);
      },
      greet: (request) => request,
    });
    const reader = client.download({ value: 0 });
    await settled(
      () => sent,
      () => client.greet({ value: "" }),
    );
    expect(sent * SIZE).toBeLessThan(BOUND);
    let bytes = 0;
    for await (const { value } of reader) bytes += value.length;
    expect(bytes).toBe(COUNT * SIZE);
  });

  keeps("P9 a server that does not read stops the client, and gets everything when it does", async ({ start }) => {
    const read = new Deferred<void>();
    const { client } = await start({
      async upload(call) {
        await read.promise;
        let count = 0;
        for await (const _ of call) count++;
        await call.sendAndClose({ value: count });
      },
      greet: (request) => request,
    });
    const upload = client.upload();
    let sent = 0;
    const sending = (async () => {
      for (; sent < COUNT; sent++) await upload.send(CHUNK);
    })();
    await settled(
      () => sent,
      () => client.greet({ value: "" }),
    );
    expect(sent * SIZE).toBeLessThan(BOUND);
    read.resolve();
    await sending;
    expect((await upload.closeAndRecv()).value).toBe(COUNT);
  });

  keeps("P9 an async iterable is drawn from only as fast as the peer reads", async ({ start }) => {
    let drawn = 0;
    const { client } = await start({
      async *download() {
        for (; drawn < COUNT; drawn++) yield CHUNK;
      },
      greet: (request) => request,
    });
    await using reader = client.download({ value: 0 });
    await reader.recv();
    await settled(
      () => drawn,
      () => client.greet({ value: "" }),
    );
    expect(drawn * SIZE).toBeLessThan(BOUND);
  });
});
