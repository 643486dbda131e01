import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract, type Trial } from "./harness/harness.js";

const note = { value: "x" };

/** A server whose handlers send (or wait) until their signal aborts, and tell its reason. */
async function endless({ start }: Trial) {
  const reason = new Deferred<unknown>();
  const begun = new Deferred<void>();
  const watch = (signal: AbortSignal) => {
    signal.addEventListener("abort", () => reason.resolve(signal.reason));
    begun.resolve();
  };
  const { client } = await start({
    async greet(_, call) {
      watch(call.signal);
      await reason.promise;
      return note;
    },
    async download(_, call) {
      watch(call.signal);
      while (await call.send({ value: new Uint8Array(10) }));
    },
    async upload(call) {
      watch(call.signal);
      for await (const _ of call);
    },
    async chat(call) {
      watch(call.signal);
      for await (const message of call) await call.send(message);
    },
  });
  return { client, begun: begun.promise, reason: reason.promise };
}

contract("P4", (keeps) => {
  keeps("P4 break out of a reader aborts the handler's signal", async (trial) => {
    const { client, reason } = await endless(trial);
    const reader = client.download({ value: 0 });
    for await (const _ of reader) break;
    expect(await reason).toMatchObject({ code: status.CANCELLED });
    expect((await reader.status).code).toBe(status.CANCELLED);
  });

  keeps("P4 break out of batches() aborts the handler's signal", async (trial) => {
    const { client, reason } = await endless(trial);
    for await (const _ of client.download({ value: 0 }).batches()) break;
    expect(await reason).toBeInstanceOf(RpcError);
  });

  keeps("P4 a throw out of a loop aborts it, and the throw is what comes out", async (trial) => {
    const { client, reason } = await endless(trial);
    const boom = new Error("boom");
    const loop = async () => {
      for await (const _ of client.download({ value: 0 })) throw boom;
    };
    await expect(loop()).rejects.toBe(boom);
    expect(await reason).toMatchObject({ code: status.CANCELLED });
  });

  keeps("P4 return out of a loop over a duplex aborts it", async (trial) => {
    const { client, reason } = await endless(trial);
    const first = async () => {
      const chat = client.chat();
      await chat.send(note);
      for await (const message of chat) return message.value;
      return undefined;
    };
    expect(await first()).toBe("x");
    expect(await reason).toMatchObject({ code: status.CANCELLED });
  });

  keeps("P4 cancel() ends the call at once on this side and aborts it on the other", async (trial) => {
    const { client, reason, begun } = await endless(trial);
    const upload = client.upload();
    await begun;
    const why = new Error("changed my mind");
    upload.cancel(why);
    await expect(upload.send({ value: new Uint8Array(1) })).rejects.toMatchObject({
      code: status.CANCELLED,
      cause: why,
    });
    await expect(upload.closeAndRecv()).rejects.toMatchObject({ code: status.CANCELLED, cause: why });
    expect(await reason).toMatchObject({ code: status.CANCELLED });
  });

  keeps("P4 an AbortSignal cancels every kind of call", async (trial) => {
    for (const kind of ["greet", "download", "upload", "chat"] as const) {
      const { client, reason, begun } = await endless(trial);
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const outcome =
        kind === "greet"
          ? client.greet(note, options)
          : kind === "download"
            ? client.download({ value: 0 }, options).status
            : kind === "upload"
              ? client.upload(options).closeAndRecv()
              : client.chat(options).recv();
      await begun;
      controller.abort();
      const ended = await Promise.resolve(outcome).catch((error: unknown) => error);
      expect(ended, kind).toMatchObject({ code: status.CANCELLED });
      if (kind !== "upload") expect(await reason, kind).toMatchObject({ code: status.CANCELLED });
    }
  });

  keeps("P4 a signal that aborted before the call keeps it from starting", async (trial) => {
    const { client } = await endless(trial);
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(client.greet(note, { signal })).rejects.toMatchObject({
      code: status.CANCELLED,
      cause: signal.reason,
    });
    await expect(client.download({ value: 0 }, { signal }).recv()).rejects.toMatchObject({ code: status.CANCELLED });
    await expect(client.upload({ signal }).send({ value: new Uint8Array(1) })).rejects.toMatchObject({
      code: status.CANCELLED,
    });
  });

  keeps("P4 leaving an await using block cancels what is open", async (trial) => {
    const { client, reason, begun } = await endless(trial);
    {
      await using chat = client.chat();
      await begun;
      expect(await chat.send(note)).toBe(true);
    }
    expect(await reason).toMatchObject({ code: status.CANCELLED });
  });

  keeps("P4 an async iterable a handler returned is closed when the client leaves", async ({ start }) => {
    const closed = new Deferred<string>();
    const { client } = await start({
      async *download() {
        try {
          for (;;) yield { value: new Uint8Array(10) };
        } finally {
          closed.resolve("closed");
        }
      },
    });
    for await (const _ of client.download({ value: 0 })) break;
    expect(await closed.promise).toBe("closed");
  });
});
