import { AsyncLocalStorage } from "node:async_hooks";
import { expect } from "vitest";
import { contextKey, RpcError, type ServerInterceptor, status } from "../../src/runtime/index.js";
import { contract, readAll, rejection } from "./harness/harness.js";
import type { TrialClient, TrialHandlers } from "./harness/trial-service.js";

const boom = new Error("boom");
const userKey = contextKey<string>("user");

/** Answers with the user that an interceptor found. */
const users: Partial<TrialHandlers> = {
  greet: (_, call) => ({ value: call.context.get(userKey) ?? "nobody" }),
  download: async (_, call) => [{ value: Buffer.from(call.context.get(userKey) ?? "nobody") }],
  async upload(call) {
    for await (const _ of call);
    return { value: (call.context.get(userKey) ?? "").length };
  },
  async *chat(call) {
    for await (const _ of call) yield { value: call.context.get(userKey) ?? "nobody" };
  },
};

const kinds: Readonly<Record<string, (client: TrialClient) => Promise<unknown>>> = {
  unary: async (client) => (await client.greet({ value: "request" })).value,
  "server streaming": async (client) => {
    const { messages, error } = await readAll(client.download({ value: 1 }));
    if (error !== undefined) throw error;
    return Buffer.from(messages[0]!.value).toString();
  },
  "client streaming": async (client) => {
    const call = client.upload();
    await call.send({ value: new Uint8Array(1) });
    return (await call.closeAndRecv()).value === "ada".length ? "ada" : "nobody";
  },
  bidirectional: async (client) => {
    const call = client.chat();
    await call.send({ value: "" });
    const first = await call.recv();
    await call.closeSend();
    expect(await call.recv()).toBeUndefined();
    return first?.value;
  },
};

/** Finds the user, after a turn. */
const authenticate: ServerInterceptor = async (call, next) => {
  await new Promise((resolve) => setImmediate(resolve));
  call.context.set(userKey, "ada");
  await next();
};

contract("server interceptors", (keeps) => {
  for (const [kind, call] of Object.entries(kinds)) {
    keeps(`${kind}: what an interceptor sets is the handler's to read`, async ({ start }) => {
      const { client } = await start(users, { interceptors: [authenticate] });
      expect(await call(client)).toBe("ada");
    });

    keeps(`${kind}: a refusal is the status, and neither handler nor message is touched`, async ({ start }) => {
      let served = 0;
      const count = () => {
        served++;
        throw boom;
      };
      const refuse: ServerInterceptor = async (incoming) => {
        incoming.trailer.set("realm", "test");
        throw new RpcError(status.UNAUTHENTICATED, "who are you?");
      };
      const { client } = await start(
        { greet: count, download: count, upload: count, chat: count },
        { interceptors: [refuse] },
      );
      const error = await rejection(call(client));
      expect(error).toMatchObject({ code: status.UNAUTHENTICATED, details: "who are you?" });
      expect(error.metadata.get("realm")).toEqual(["test"]);
      expect(served).toBe(0);
    });

    keeps(`${kind}: what a handler throws comes to the interceptor as it is, and may be mapped`, async ({ start }) => {
      const throwing = () => Promise.reject(boom);
      const handlers = { greet: throwing, download: throwing, upload: throwing, chat: throwing };
      const heard: unknown[] = [];
      const mapper: ServerInterceptor = async (_, next) => {
        try {
          await next();
        } catch (error) {
          throw error === boom ? new RpcError(status.NOT_FOUND, "mapped") : error;
        }
      };
      const options = { interceptors: [mapper], onError: (error: unknown) => heard.push(error) };
      const { client } = await start(handlers, options);
      expect(await rejection(call(client))).toMatchObject({ code: status.NOT_FOUND, details: "mapped" });
      expect(heard).toEqual([]);
    });

    keeps(`${kind}: accidents in interceptors are UNKNOWN to clients, and onError's to hear`, async ({ start }) => {
      const heard: unknown[] = [];
      const throwing: ServerInterceptor = () => {
        throw boom;
      };
      const { client } = await start(users, { interceptors: [throwing], onError: (error) => heard.push(error) });
      const error = await rejection(call(client));
      expect(error.code).toBe(status.UNKNOWN);
      expect(error.details).not.toContain("boom");
      expect(heard).toEqual([boom]);
    });

    keeps(`${kind}: the first is the outermost, and hears when the handler is done`, async ({ start }) => {
      const order: string[] = [];
      const noting =
        (name: string): ServerInterceptor =>
        async (_, next) => {
          order.push(`${name} in`);
          await next();
          order.push(`${name} out`);
        };
      const { client } = await start(users, { interceptors: [noting("a"), noting("b"), authenticate] });
      expect(await call(client)).toBe("ada");
      expect(order).toEqual(["a in", "b in", "b out", "a out"]);
    });
  }

  keeps("messages may be seen, replaced and refused, both ways", async ({ start }) => {
    const shout: ServerInterceptor = (_, next) =>
      next({
        received: (message) => {
          const { value } = message as { value: string };
          if (value === "bad") throw new RpcError(status.INVALID_ARGUMENT, "bad words");
          return { value: value.toUpperCase() };
        },
        sent: (message) => ({ value: `${(message as { value: string }).value}!` }),
      });
    const { client } = await start(
      {
        greet: ({ value }) => ({ value }),
        async *chat(call) {
          yield* call;
        },
      },
      { interceptors: [shout] },
    );
    expect((await client.greet({ value: "hi" })).value).toBe("HI!");
    expect((await rejection(client.greet({ value: "bad" }))).code).toBe(status.INVALID_ARGUMENT);
    const chat = client.chat();
    await chat.send({ value: "a" });
    expect((await chat.recv())?.value).toBe("A!");
    await chat.send({ value: "bad" });
    expect((await rejection(chat.recv())).code).toBe(status.INVALID_ARGUMENT);
  });

  keeps("an interceptor that neither goes on nor refuses is INTERNAL", async ({ start }) => {
    const { client } = await start(users, { interceptors: [async () => {}] });
    expect(await rejection(client.greet({ value: "" }))).toMatchObject({ code: status.INTERNAL });
  });

  keeps("a cancel reaches the interceptor as a rejection of next(), with the call's error", async ({ start }) => {
    let told: (error: unknown) => void = () => {};
    const heard = new Promise((resolve) => {
      told = resolve;
    });
    const watching: ServerInterceptor = async (_, next) => {
      try {
        await next();
      } catch (error) {
        told(error);
        throw error;
      }
    };
    const { client } = await start(
      {
        chat: async (call) => {
          await call.send({ value: "here" });
          await new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
        },
      },
      { interceptors: [watching] },
    );
    const chat = client.chat();
    await chat.recv();
    chat.cancel();
    expect(await heard).toMatchObject({ code: status.CANCELLED });
  });

  for (const [kind, call] of Object.entries(kinds)) {
    keeps(`the handler runs in the asynchronous context in which next() was called: ${kind}`, async ({ start }) => {
      const storage = new AsyncLocalStorage<string>();
      const user = (): string => storage.getStore() ?? "nobody";
      const { client } = await start(
        {
          greet: () => ({ value: user() }),
          download: async () => [{ value: Buffer.from(user()) }],
          async upload(call) {
            for await (const _ of call);
            return { value: user().length };
          },
          async *chat(call) {
            for await (const _ of call) yield { value: user() };
          },
        },
        { interceptors: [(_, next) => storage.run("ada", next)] },
      );
      expect(await call(client)).toBe("ada");
    });
  }

  keeps("headers and trailers of interceptors and handlers go out together", async ({ start }) => {
    const adding: ServerInterceptor = async (call, next) => {
      call.trailer.set("from-interceptor", "1");
      await next();
      call.trailer.set("cost", "2");
    };
    const { client } = await start(
      {
        async *chat(call) {
          call.trailer.set("from-handler", "1");
          yield* call;
        },
      },
      { interceptors: [adding] },
    );
    const chat = client.chat();
    await chat.closeSend();
    expect(await chat.recv()).toBeUndefined();
    const trailer = await chat.trailer;
    expect(["from-interceptor", "from-handler", "cost"].map((key) => trailer.get(key)[0])).toEqual(["1", "1", "2"]);
  });
});
