import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { contract } from "./harness/harness.js";
import { settled } from "./harness/settled.js";

const CHUNK = new Uint8Array(64 * 1024);

/** A message that no codec can encode, whatever it makes of a value of the wrong type. */
function unencodable(): { value: string } {
  return {
    get value(): string {
      throw new TypeError("no value");
    },
  };
}

contract("P2", (keeps) => {
  keeps("P2 sends that nobody awaits keep their order", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        for await (const note of call) await call.send(note);
      },
    });
    const chat = client.chat();
    const sent = Promise.all(Array.from({ length: 500 }, (_, i) => chat.send({ value: String(i) })));
    const got: string[] = [];
    for (let i = 0; i < 500; i++) got.push((await chat.recv())?.value ?? "none");
    expect(got).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
    expect(await sent).toEqual(Array.from({ length: 500 }, () => true));
    await chat.closeSend();
  });

  keeps("P2 send waits when nobody reads, and all waiting sends go on when somebody does", async ({ start }) => {
    const read = new Deferred<void>();
    const { client } = await start({
      async upload(call) {
        await read.promise;
        let bytes = 0;
        for await (const { value } of call) bytes += value.length;
        await call.sendAndClose({ value: bytes });
      },
      greet: (request) => request,
    });
    const upload = client.upload();
    const total = 1024;
    let accepted = 0;
    const sends: Promise<boolean>[] = [];
    for (let i = 0; i < total; i++) {
      const sent = upload.send({ value: CHUNK });
      sends.push(sent);
      sent.then(() => accepted++);
    }
    await settled(
      () => accepted,
      () => client.greet({ value: "" }),
    );
    expect(accepted).toBeLessThan(total);
    read.resolve();
    expect(new Set(await Promise.all(sends))).toEqual(new Set([true]));
    expect((await upload.closeAndRecv()).value).toBe(total * CHUNK.length);
  });

  keeps("P2 a message that cannot be encoded rejects and ends the call with INTERNAL", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        for await (const note of call) await call.send(note);
      },
    });
    const chat = client.chat();
    await expect(chat.send(unencodable())).rejects.toMatchObject({ code: 13 });
    expect((await chat.status).code).toBe(13);
    await expect(chat.recv()).rejects.toMatchObject({ code: 13 });
  });

  keeps("P2 what sendAll was given arrives in order up to a message that cannot be encoded", async ({ start }) => {
    const good = Array.from({ length: 1_000 }, (_, i) => ({ value: Uint8Array.of(i >> 8, i) }));
    const heard: unknown[] = [];
    const { client } = await start(
      {
        async download(_, call) {
          await call.sendAll([...good, { value: "not bytes" as never }, ...good]);
        },
      },
      { onError: (error) => heard.push(error) },
    );
    const got: { value: Uint8Array }[] = [];
    const reading = (async () => {
      for await (const message of client.download({ value: 0 })) got.push(message);
    })();
    await expect(reading).rejects.toMatchObject({ code: 13 });
    expect(got.map(({ value }) => [...value])).toEqual(good.map(({ value }) => [...value]));
    expect(heard).toEqual([expect.objectContaining({ code: 13 })]);
  });

  keeps("P2 send after closeSend is told apart from the end of the call", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        for await (const note of call) await call.send(note);
      },
    });
    const chat = client.chat();
    await chat.send({ value: "a" });
    await chat.closeSend();
    await expect(chat.send({ value: "b" })).rejects.toThrow("send was called after the sending side was closed");
    expect((await chat.recv())?.value).toBe("a");
    expect(await chat.recv()).toBeUndefined();
  });
});
