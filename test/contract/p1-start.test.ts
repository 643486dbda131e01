import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { Metadata } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

contract("P1", (keeps) => {
  keeps("P1 a client stream reaches its handler before anything is sent", async ({ start }) => {
    const reached = new Deferred<string | undefined>();
    const { client } = await start({
      async upload(call) {
        reached.resolve(call.metadata.get("x-who")[0]?.toString());
        await call.sendAndClose({ value: 1 });
      },
    });
    const upload = client.upload({ metadata: { "x-who": "ada" } });
    expect(await reached.promise).toBe("ada");
    expect((await upload.closeAndRecv()).value).toBe(1);
  });

  keeps("P1 a server stream reaches its handler though nobody iterates", async ({ start }) => {
    const reached = new Deferred<number>();
    const { client } = await start({
      async download({ value }) {
        reached.resolve(value);
      },
    });
    client.download({ value: 7 });
    expect(await reached.promise).toBe(7);
  });

  keeps("P1 a duplex gets the server's header before either side sends a message", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        const header = new Metadata();
        header.set("x-room", "blue");
        call.sendHeader(header);
        await call.recv();
      },
    });
    await using chat = client.chat();
    expect((await chat.header).get("x-room")).toEqual(["blue"]);
  });
});
