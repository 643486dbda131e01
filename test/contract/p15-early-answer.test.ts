import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

const CHUNK = { value: new Uint8Array(16 * 1024) };

contract("P15", (keeps) => {
  keeps("P15 a handler may answer while the client still sends: the client gets the response", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        for await (const _ of call) break; // enough
        await call.sendAndClose({ value: 42 });
      },
    });
    for (let i = 0; i < 20; i++) {
      const upload = client.upload();
      function* forever() {
        for (;;) yield CHUNK;
      }
      expect(await upload.sendAll(forever())).toBe(false);
      expect((await upload.closeAndRecv()).value).toBe(42);
      expect(await upload.status).toMatchObject({ code: status.OK });
    }
  });

  keeps("P15 and where it refuses, the client gets that status, with its details", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        await call.recv();
        throw new RpcError(status.INVALID_ARGUMENT, "no such album");
      },
    });
    for (let i = 0; i < 20; i++) {
      const upload = client.upload();
      function* forever() {
        for (;;) yield CHUNK;
      }
      const refused = { code: status.INVALID_ARGUMENT, details: "no such album" };
      await expect(upload.sendAll(forever())).rejects.toMatchObject(refused);
      await expect(upload.closeAndRecv()).rejects.toMatchObject(refused);
    }
  });

  keeps("P15 a duplex whose handler is done gives its last messages and OK", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        await call.recv();
        for (let i = 0; i < 10; i++) await call.send({ value: String(i) });
      },
    });
    const chat = client.chat();
    const sending = (async () => {
      while (await chat.send({ value: "more and more" }));
    })();
    const got: string[] = [];
    for await (const { value } of chat) got.push(value);
    expect(got).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    await sending;
  });

  keeps("P15 sendAndClose a second time is told so, and changes nothing", async ({ start }) => {
    const second = new Deferred<unknown>();
    const { client } = await start({
      async upload(call) {
        await call.sendAndClose({ value: 1 });
        second.resolve(call.sendAndClose({ value: 2 }).catch((error: unknown) => error));
      },
    });
    const upload = client.upload();
    expect((await upload.closeAndRecv()).value).toBe(1);
    expect(await second.promise).toMatchObject({ details: "sendAndClose was called a second time" });
  });
});
