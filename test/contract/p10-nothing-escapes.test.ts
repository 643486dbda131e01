import { expect, onTestFinished } from "vitest";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract, type Trial, turn } from "./harness/harness.js";
import type { TrialClient } from "./harness/trial-service.js";

/** What reaches the process while a test runs. */
function escapes(): unknown[] {
  const seen: unknown[] = [];
  const note = (what: unknown) => seen.push(what);
  for (const event of ["unhandledRejection", "uncaughtExceptionMonitor", "warning"] as const) {
    process.on(event, note);
    onTestFinished(() => void process.off(event, note));
  }
  return seen;
}

/** Makes calls of every kind and forgets everything they hand out. */
function forgetful(client: TrialClient, options: { signal?: AbortSignal; timeoutMs?: number } = {}): void {
  client.greet({ value: "" }, options);
  const reader = client.download({ value: 0 }, options);
  reader.recv();
  void [reader.header, reader.trailer, reader.status];
  const upload = client.upload(options);
  upload.send({ value: new Uint8Array(10) });
  upload.sendAll([{ value: new Uint8Array(10) }]);
  upload.closeAndRecv();
  if (!client.bidi) return;
  const chat = client.chat(options);
  chat.send({ value: "" });
  chat.recv();
  chat[Symbol.asyncIterator]().next();
  chat.batches()[Symbol.asyncIterator]().next();
  chat.closeSend();
  chat.send({ value: "after the close" });
  void chat.header;
}

/** Until all that was begun has had its time. */
async function quiet(client: TrialClient): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await client.greet({ value: "are you there?" }).catch(() => {});
    await turn();
  }
}

function failing({ start }: Trial) {
  const fail = async (): Promise<never> => {
    throw new RpcError(status.ABORTED, "always");
  };
  return start({ greet: fail, download: fail, upload: fail, chat: fail });
}

contract("P10", (keeps) => {
  keeps("P10 nothing escapes from calls that fail and are forgotten", async (trial) => {
    const seen = escapes();
    const { client } = await failing(trial);
    for (let i = 0; i < 20; i++) forgetful(client);
    await quiet(client);
    expect(seen).toEqual([]);
  });

  keeps("P10 nothing escapes from calls that are cancelled at every stage", async ({ start }) => {
    const seen = escapes();
    const { client } = await start({
      chat: async (call) => {
        for await (const note of call) await call.send(note);
      },
    });
    for (let turns = 0; turns < 8; turns++) {
      const controller = new AbortController();
      forgetful(client, { signal: controller.signal });
      for (let i = 0; i < turns; i++) await turn();
      controller.abort();
    }
    await quiet(client);
    expect(seen).toEqual([]);
  });

  keeps("P10 one signal may serve a thousand calls", async ({ start }) => {
    const seen = escapes();
    const { client } = await start({
      greet: (request) => request,
      async upload(call) {
        for await (const _ of call);
        return { value: 0 };
      },
      chat: async (call) => {
        for await (const _ of call);
      },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const open = Array.from({ length: 500 }, () => (client.bidi ? client.chat({ signal }) : client.upload({ signal })));
    await Promise.all(Array.from({ length: 500 }, () => client.greet({ value: "" }, { signal })));
    controller.abort();
    for (const call of open) expect((await call.status).code).toBe(status.CANCELLED);
    expect(seen).toEqual([]);
  });

  keeps(
    "P10 nothing escapes where nobody listens",
    async ({ connect, against }) => {
      const seen = escapes();
      await against(() => {});
      const client = connect(1);
      forgetful(client, { timeoutMs: 2_000 });
      await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: status.UNAVAILABLE });
      expect((await client.chat().status).code).toBe(status.UNAVAILABLE);
      await quiet(client);
      expect(seen).toEqual([]);
    },
    "port",
  );

  keeps(
    "P10 nothing escapes when the server drops its connections",
    async ({ against }) => {
      const seen = escapes();
      // Not from within the event: Node 22 and later abort where data is still to be read (nodejs/node#64850).
      const client = await against((stream) => setImmediate(() => stream.session?.destroy()));
      forgetful(client, { timeoutMs: 2_000 });
      await expect(client.greet({ value: "" })).rejects.toBeInstanceOf(RpcError);
      await quiet(client);
      expect(seen).toEqual([]);
    },
    "port",
  );

  keeps("P10 what onHeader and onTrailer throw becomes the call's error", async ({ start }) => {
    const seen = escapes();
    const { client } = await start({ greet: (request) => request });
    const boom = new Error("boom");
    const fail = () => {
      throw boom;
    };
    await expect(client.greet({ value: "" }, { onHeader: fail })).rejects.toMatchObject({ cause: boom });
    await expect(client.greet({ value: "" }, { onTrailer: fail })).rejects.toMatchObject({ cause: boom });
    expect(seen).toEqual([]);
  });

  keeps("P10 metadata and deadlines that cannot be are errors of the call", async ({ start }) => {
    const { client } = await start({ greet: (request) => request });
    await expect(client.greet({ value: "" }, { metadata: { "no spaces": "x" } })).rejects.toBeInstanceOf(RpcError);
    await expect(client.greet({ value: "" }, { metadata: { "x-bin": "text" } })).rejects.toBeInstanceOf(RpcError);
    await expect(client.greet({ value: "" }, { timeoutMs: Number.NaN })).rejects.toBeInstanceOf(RpcError);
    await expect(client.greet({ value: "" }, { deadline: new Date("no") })).rejects.toBeInstanceOf(RpcError);
  });
});
