import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

const chunk = { value: new Uint8Array(1_000) };

contract("P8", (keeps) => {
  keeps("P8 send is false once the server has answered OK", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        await call.recv();
        await call.sendAndClose({ value: 1 });
      },
    });
    const upload = client.upload();
    let sent: boolean;
    do sent = await upload.send(chunk);
    while (sent);
    expect(await upload.send(chunk)).toBe(false);
    expect(await upload.sendAll([chunk, chunk])).toBe(false);
    expect((await upload.closeAndRecv()).value).toBe(1);
  });

  keeps("P8 send rejects with the call's RpcError once it ended otherwise, and so does all else", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        await call.recv();
        throw new RpcError(status.RESOURCE_EXHAUSTED, "the disk is full");
      },
    });
    const upload = client.upload();
    const sendUntilTheEnd = async () => {
      while (await upload.send(chunk));
    };
    const error = { code: status.RESOURCE_EXHAUSTED, details: "the disk is full" };
    await expect(sendUntilTheEnd()).rejects.toMatchObject(error);
    await expect(upload.send(chunk)).rejects.toMatchObject(error);
    await expect(upload.sendAll([chunk])).rejects.toMatchObject(error);
    await expect(upload.closeAndRecv()).rejects.toMatchObject(error);
    expect(await upload.status).toMatchObject(error);
  });

  keeps("P8 sends that wait for room are answered when the call ends", async ({ start }) => {
    const end = new Deferred<void>();
    const { client } = await start({
      async upload() {
        await end.promise;
        throw new RpcError(status.ABORTED, "enough");
      },
    });
    const upload = client.upload();
    const sends = Array.from({ length: 200 }, () => upload.send({ value: new Uint8Array(64 * 1024) }));
    end.resolve();
    const outcomes = await Promise.allSettled(sends);
    const last = outcomes.at(-1);
    expect(last).toMatchObject({ status: "rejected", reason: { code: status.ABORTED } });
  });

  keeps("P8 sendAll stops at the end of the call, though its iterable waits", async ({ start }) => {
    const closed = new Deferred<string>();
    const { client } = await start({
      async upload(call) {
        await call.recv();
        await call.sendAndClose({ value: 1 });
      },
    });
    const upload = client.upload();
    const waiting = {
      [Symbol.asyncIterator]: () => {
        let first = true;
        return {
          next: () => {
            if (!first) return new Promise<never>(() => {});
            first = false;
            return Promise.resolve({ done: false as const, value: chunk });
          },
          return: () => {
            closed.resolve("closed");
            return Promise.resolve({ done: true as const, value: undefined });
          },
        };
      },
    };
    expect(await upload.sendAll(waiting)).toBe(false);
    expect(await closed.promise).toBe("closed");
    expect((await upload.closeAndRecv()).value).toBe(1);
  });

  keeps("P8 a server's send rejects once its client is gone", async ({ start }) => {
    const outcome = new Deferred<unknown>();
    const { client } = await start({
      async download(_, call) {
        try {
          while (await call.send(chunk));
          outcome.resolve("false");
        } catch (error) {
          outcome.resolve(error);
          throw error;
        }
      },
    });
    for await (const _ of client.download({ value: 0 })) break;
    expect(await outcome.promise).toMatchObject({ name: "RpcError", code: status.CANCELLED });
  });

  keeps("P8 a send behind a handler's own end is false after OK", async ({ start }) => {
    const late = new Deferred<boolean>();
    const { client } = await start({
      async chat(call) {
        setTimeout(() => void call.send({ value: "late" }).then(late.resolve), 20);
      },
    });
    const chat = client.chat();
    expect(await chat.recv()).toBeUndefined();
    expect(await late.promise).toBe(false);
  });

  keeps("P8 a reader that ended ends again, and one that failed fails again", async ({ start }) => {
    const { client } = await start({
      async download({ value }, call) {
        await call.send(chunk);
        if (value === 1) throw new RpcError(status.ABORTED);
      },
    });
    const good = client.download({ value: 0 });
    for await (const _ of good);
    expect(await good.recv()).toBeUndefined();
    for await (const _ of good) expect.unreachable();
    const bad = client.download({ value: 1 });
    await bad.recv();
    await expect(bad.recv()).rejects.toMatchObject({ code: status.ABORTED });
    await expect(bad.recv()).rejects.toMatchObject({ code: status.ABORTED });
  });
});
