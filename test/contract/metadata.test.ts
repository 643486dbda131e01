import { expect } from "vitest";
import { Metadata, RpcError, status } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

const BYTES = Buffer.from([0, 1, 254, 255]);

contract("metadata", (keeps) => {
  keeps("metadata goes both ways, as text, bytes and lists", async ({ start }) => {
    const { client } = await start({
      async chat(call) {
        const header = new Metadata();
        header.set("x-got", call.metadata.get("x-list").join("|"));
        header.set("x-got-bin", call.metadata.get("x-raw-bin")[0] as Buffer);
        call.sendHeader(header);
        call.trailer.set("x-end-bin", BYTES);
        for await (const note of call) await call.send(note);
      },
    });
    const chat = client.chat({ metadata: { "x-list": ["a", "b"], "x-raw-bin": BYTES } });
    const header = await chat.header;
    expect(header.get("x-got").join().replace(/, ?/, "|")).toBe("a|b");
    expect(header.get("x-got-bin")).toEqual([BYTES]);
    await chat.closeSend();
    expect(await chat.recv()).toBeUndefined();
    expect((await chat.trailer).get("x-end-bin")).toEqual([BYTES]);
    expect((await chat.status).metadata.get("x-end-bin")).toEqual([BYTES]);
  });

  keeps("onHeader and onTrailer serve calls that are only a promise", async ({ start }) => {
    const { client } = await start({
      greet(request, call) {
        const header = new Metadata();
        header.set("x-begin", "1");
        call.sendHeader(header);
        call.trailer.set("x-end", "2");
        return request;
      },
    });
    const seen: unknown[] = [];
    await client.greet(
      { value: "" },
      {
        onHeader: (header) => seen.push(...header.get("x-begin")),
        onTrailer: (trailer) => seen.push(...trailer.get("x-end")),
      },
    );
    expect(seen).toEqual(["1", "2"]);
  });

  keeps("header rejects where the call failed before any came; trailer and status do not", async ({ start }) => {
    const { client } = await start({
      async chat() {
        throw new RpcError(status.PERMISSION_DENIED, "no");
      },
    });
    const chat = client.chat();
    await expect(chat.header).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    expect(await chat.trailer).toBeInstanceOf(Metadata);
    expect((await chat.status).code).toBe(status.PERMISSION_DENIED);
    await expect(chat.closeSend()).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
  });

  keeps("the server knows its peer, and its method", async ({ start }) => {
    const { client } = await start({ greet: (_, call) => ({ value: `${call.peer} ${call.method.path}` }) });
    const [peer, path] = (await client.greet({ value: "" })).value.split(" ");
    expect(peer?.length).toBeGreaterThan(0);
    expect(path).toBe("/contract.v1.Trial/Greet");
  });

  keeps("a header sent twice is the handler's mistake", async ({ start }) => {
    const { client } = await start({
      greet(request, call) {
        call.sendHeader();
        call.sendHeader();
        return request;
      },
    });
    await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: status.INTERNAL });
  });
});
