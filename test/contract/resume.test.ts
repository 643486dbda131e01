import { AsyncLocalStorage } from "node:async_hooks";
import { expect } from "vitest";
import { RpcError, type ServerWriter, status } from "../../src/runtime/index.js";
import { type ResumeOptions, resume } from "../../src/runtime/resume.js";
import { contract, rejection, turn } from "./harness/harness.js";
import type { BytesInit, TrialClient } from "./harness/trial-service.js";

type Bytes = { readonly value: Uint8Array };

const idOf = ({ value }: Bytes): number => new DataView(value.buffer, value.byteOffset).getUint32(0);

function message(id: number, size = 4): { value: Uint8Array<ArrayBuffer> } {
  const value = new Uint8Array(size);
  new DataView(value.buffer).setUint32(0, id);
  return { value };
}

function following(client: TrialClient, options: Partial<ResumeOptions<Bytes, number>> = {}) {
  return resume((after?: number) => client.download({ value: after ?? 0 }), {
    token: idOf,
    initialBackoffMs: 1,
    maxBackoffMs: 1,
    ...options,
  });
}

/** Sends 500 messages from behind `after` to 3,000, and fails then. */
async function sendSome(after: number, call: ServerWriter<BytesInit>): Promise<void> {
  for (let id = after + 1; id <= Math.min(after + 500, 3_000); id++) await call.send(message(id));
  if (after < 2_500) throw new RpcError(status.UNAVAILABLE, "going away");
}

contract("resume", (keeps) => {
  keeps(
    "resume: every message once and in order, at a slow reader too, although calls end with errors",
    async ({ start }) => {
      const { client } = await start({ download: ({ value }, call) => sendSome(value, call) });
      const ids: number[] = [];
      for await (const one of following(client)) {
        ids.push(idOf(one));
        if (ids.length % 100 === 0) await turn();
      }
      expect(ids).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
    },
  );

  keeps("resume: break ends the open call, and the server hears of it (P4)", async ({ start }) => {
    const aborted = withResolvers();
    let calls = 0;
    const { client } = await start({
      async download(_, call) {
        if (++calls === 1) throw new RpcError(status.UNAVAILABLE, "going away");
        call.signal.addEventListener("abort", () => aborted.resolve(undefined));
        await call.send(message(1));
        await aborted.promise;
      },
    });
    for await (const _ of following(client)) break;
    await aborted.promise;
    expect(calls).toBe(2);
  });

  keeps("resume: a reader that does not read stops the server (P9)", async ({ start }) => {
    let sent = 0;
    const { client } = await start({
      async download(_, call) {
        for (;;) {
          await call.send(message(++sent, 50_000));
        }
      },
    });
    const reader = following(client);
    await reader.recv();
    for (let still = 0, last = -1; still < 50; still = sent === last ? still + 1 : 0) {
      last = sent;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sent).toBeLessThan(200);
    reader.cancel();
    expect((await rejection(reader.recv())).code).toBe(status.CANCELLED);
  });

  keeps("resume: callbacks run in the context of whoever made the reader (P18)", async ({ start }) => {
    const { client } = await start({ download: ({ value }, call) => sendSome(value, call) });
    const storage = new AsyncLocalStorage<string>();
    const seen = new Set<string | undefined>();
    const note = (): void => void seen.add(storage.getStore());
    const reader = storage.run("mine", () =>
      resume(
        (after?: number) => {
          note();
          return client.download({ value: after ?? 0 });
        },
        {
          token: (one) => {
            note();
            return idOf(one);
          },
          onResume: note,
          initialBackoffMs: 1,
          statuses: () => {
            note();
            return undefined;
          },
        },
      ),
    );
    for await (const _ of reader);
    expect([...seen]).toEqual(["mine"]);
  });
});

function withResolvers(): { readonly promise: Promise<unknown>; readonly resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise<unknown>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
