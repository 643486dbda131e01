import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { Metadata, RpcError, status } from "../../src/runtime/index.js";
import { contract, readAll, rejection, type Trial, turn } from "./harness/harness.js";
import type { TrialClient, TrialHandlers } from "./harness/trial-service.js";

/** 2 MB: more than the windows of any of the transports take at once. */
const LARGE = { value: new Uint8Array(2 * 1024 * 1024) };
/**
 * So many that a session of node:http2's, which charges what ended streams had not sent for good, refused everything before. Thousands, by hand:
 * `GEN_STUBS_CONTRACT_ACCIDENTS=10000 npx vitest run test/contract/p16-neighbours.test.ts -t hundreds --testTimeout 900000`.
 */
const CALLS = Number(process.env["GEN_STUBS_CONTRACT_ACCIDENTS"] ?? 300);
/** A header block that Node's HTTP/2, where one end is its, never gets over. */
const HUGE = 100_000;
/** A guard for calls that a fault would let hang: no test passes by it. */
const GUARD = { timeoutMs: 20_000 };

function big(): Metadata {
  const metadata = new Metadata();
  metadata.set("x-big", "v".repeat(HUGE));
  return metadata;
}

/** A conversation that is open all the time, and must go on after every accident of its neighbours. */
async function withNeighbour(trial: Trial, handlers: Partial<TrialHandlers>) {
  const { client } = await trial.start({
    async chat(call) {
      for await (const { value } of call) await call.send({ value });
    },
    ...handlers,
  });
  // Without a conversation it is only said what each call comes to.
  if (!client.bidi) return { client, goesOn: async () => {} };
  const chat = client.chat();
  const goesOn = async (): Promise<void> => {
    const value = `still here ${Math.random()}`;
    await chat.send({ value });
    expect(await chat.recv()).toMatchObject({ value });
  };
  await goesOn();
  return { client, goesOn };
}

async function many(call: () => Promise<unknown>, atOnce: number): Promise<void> {
  for (let done = 0; done < CALLS; done += atOnce) await Promise.all(Array.from({ length: atOnce }, call));
}

async function greets(client: TrialClient): Promise<void> {
  expect(await client.greet({ value: "well?" }, GUARD)).toMatchObject({ value: "well?" });
}

contract("P16", (keeps) => {
  keeps("P16 hundreds of rejected uploads of 2 MB leave the connection as it was", async (trial) => {
    const { client, goesOn } = await withNeighbour(trial, {
      greet: (request) => request,
      async upload(call) {
        await call.recv();
        throw new RpcError(status.PERMISSION_DENIED, "quota");
      },
    });
    await many(async () => {
      const upload = client.upload();
      const sent = [upload.send({ value: new Uint8Array(1) }), upload.send(LARGE)];
      expect((await rejection(upload.closeAndRecv())).code).toBe(status.PERMISSION_DENIED);
      await Promise.allSettled(sent);
      await greets(client);
    }, 8);
    await goesOn();
  });

  keeps("P16 hundreds of downloads of 2 MB that time out leave the connection as it was", async (trial) => {
    const { client, goesOn } = await withNeighbour(trial, {
      greet: (request) => request,
      async download(_, call) {
        for (;;) await call.send(LARGE);
      },
    });
    await many(async () => {
      const download = client.download({ value: 0 }, { timeoutMs: 30 });
      expect((await download.status).code).toBe(status.DEADLINE_EXCEEDED);
    }, 20);
    await greets(client);
    await goesOn();
  });

  keeps("P16 hundreds of uploads of 2 MB that are aborted leave the connection as it was", async (trial) => {
    const { client, goesOn } = await withNeighbour(trial, {
      greet: (request) => request,
      async upload(call) {
        for await (const _ of call);
        return { value: 0 };
      },
    });
    await many(async () => {
      const abort = new AbortController();
      const upload = client.upload({ signal: abort.signal });
      const sent = [upload.send(LARGE), upload.send(LARGE)];
      await turn();
      abort.abort();
      expect((await upload.status).code).toBe(status.CANCELLED);
      await Promise.allSettled(sent);
    }, 8);
    await greets(client);
    await goesOn();
  });

  keeps("P16 an error text of 100 KB is cut, and says so", async (trial) => {
    const { client, goesOn } = await withNeighbour(trial, {
      greet: () => {
        throw new RpcError(status.NOT_FOUND, "é".repeat(HUGE));
      },
    });
    for (let i = 0; i < 3; i++) {
      const { code, details } = await rejection(client.greet({ value: "" }, GUARD));
      expect(code).toBe(status.NOT_FOUND);
      expect(details).toMatch(/^é{1000,}\.\.\. \(cut\)$/);
      await goesOn();
    }
  });

  for (const [what, greet] of [
    [
      "trailers",
      (request, call) => {
        call.trailer.merge(big());
        return request;
      },
    ],
    [
      "headers",
      (request, call) => {
        call.sendHeader(big());
        return request;
      },
    ],
    [
      "an error's trailers",
      () => {
        throw new RpcError(status.NOT_FOUND, "no", { metadata: big() });
      },
    ],
  ] satisfies readonly (readonly [string, TrialHandlers["greet"]])[]) {
    keeps(`P16 ${what} of 100 KB fail their call alone, with size and limit`, async (trial) => {
      const { client, goesOn } = await withNeighbour(trial, { greet });
      for (let i = 0; i < 3; i++) {
        const { code, details } = await rejection(client.greet({ value: "" }, GUARD));
        expect({ code, details }).toEqual({
          code: status.RESOURCE_EXHAUSTED,
          details: expect.stringMatching(/10\d{4} bytes.* 6553[56] bytes/),
        });
        await goesOn();
      }
    });
  }

  keeps("P16 request metadata of 100 KB fails its call alone, with size and limit", async (trial) => {
    const { client, goesOn } = await withNeighbour(trial, { greet: (request) => request });
    for (let i = 0; i < 3; i++) {
      const metadata = { "x-big": "v".repeat(HUGE) };
      const { code, details } = await rejection(client.greet({ value: "" }, { ...GUARD, metadata }));
      expect({ code, details }).toEqual({
        code: status.RESOURCE_EXHAUSTED,
        details: expect.stringMatching(/10\d{4} bytes.* 6553[56] bytes/),
      });
      await goesOn();
    }
    await greets(client);
  });

  keeps("P16 500 pairs of metadata arrive, each way", async (trial) => {
    const { client, goesOn } = await withNeighbour(trial, {
      greet: (_, call) => {
        for (const [key, value] of call.metadata) if (/^x-\d+$/.test(key)) call.trailer.add(key, value);
        return { value: "" };
      },
    });
    const metadata = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x-${i}`, `${i}`]));
    let trailers = 0;
    await client.greet({ value: "" }, { ...GUARD, metadata, onTrailer: ({ size }) => (trailers = size) });
    expect(trailers).toBe(500);
    await goesOn();
  });

  keeps("P16 calls that nobody reads stop nobody else", async (trial) => {
    const over = new Deferred<void>();
    const { client, goesOn } = await withNeighbour(trial, {
      greet: (request) => request,
      async download(_, call) {
        for (let i = 0; i < 4; i++) await call.send(LARGE);
      },
      async upload(call) {
        await over.promise;
        for await (const _ of call);
        return { value: 1 };
      },
    });
    const downloads = Array.from({ length: 6 }, () => client.download({ value: 0 }));
    const uploads = Array.from({ length: 6 }, () => client.upload());
    const sent = uploads.map((upload) => upload.sendAll(Array.from({ length: 4 }, () => LARGE)));
    for (let i = 0; i < 20; i++) {
      await greets(client);
      await goesOn();
    }
    over.resolve();
    await Promise.all(sent);
    for (const upload of uploads) expect((await upload.closeAndRecv()).value).toBe(1);
    for (const download of downloads.slice(3)) download.cancel();
    for (const download of downloads.slice(0, 3)) expect((await readAll(download)).messages).toHaveLength(4);
    await goesOn();
  });
});
