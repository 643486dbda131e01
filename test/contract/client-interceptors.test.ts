import { expect } from "vitest";
import { CallContext, type ClientInterceptor, contextKey, RpcError, status } from "../../src/runtime/index.js";
import { contract, readAll, rejection } from "./harness/harness.js";
import type { TrialClient, TrialHandlers } from "./harness/trial-service.js";

const boom = new Error("boom");

/** Answers with the request's token. */
const tokens: Partial<TrialHandlers> = {
  greet: (_, call) => ({ value: call.metadata.get("token").join() }),
  download: async (_, call) => call.metadata.get("token").map((token) => ({ value: Buffer.from(token) })),
  upload: async (call) => {
    for await (const _ of call);
    return { value: Number(call.metadata.get("token").join("")) };
  },
  async *chat(call) {
    for await (const _ of call) yield { value: call.metadata.get("token").join() };
  },
};

/** A call of each kind: what came back. */
const kinds: Readonly<
  Record<string, (client: TrialClient, interceptors: readonly ClientInterceptor[]) => Promise<unknown>>
> = {
  unary: async (client, interceptors) => (await client.greet({ value: "" }, { interceptors })).value,
  "server streaming": async (client, interceptors) => {
    const { messages, error } = await readAll(client.download({ value: 1 }, { interceptors }));
    if (error !== undefined) throw error;
    return messages.map(({ value }) => Buffer.from(value).toString()).join();
  },
  "client streaming": async (client, interceptors) => {
    const call = client.upload({ interceptors });
    await call.send({ value: new Uint8Array(1) });
    return String((await call.closeAndRecv()).value);
  },
  bidirectional: async (client, interceptors) => {
    const call = client.chat({ interceptors });
    await call.send({ value: "" });
    const first = await call.recv();
    await call.closeSend();
    expect(await call.recv()).toBeUndefined();
    return first?.value;
  },
};

/** Adds a token, after a turn. */
const withToken =
  (token: string): ClientInterceptor =>
  async (call, next) => {
    await new Promise((resolve) => setImmediate(resolve));
    call.metadata.add("token", token);
    await next();
  };

contract("client interceptors", (keeps) => {
  for (const [kind, call] of Object.entries(kinds)) {
    keeps(`${kind}: headers wait for next(), and what is sent waits with them`, async ({ start }) => {
      const { client } = await start(tokens);
      expect(await call(client, [withToken("7")])).toBe("7");
    });

    keeps(`${kind}: the first is the outermost, on the way out and back`, async ({ start }) => {
      const { client } = await start(tokens);
      const order: string[] = [];
      const noting =
        (name: string): ClientInterceptor =>
        async (_, next) => {
          order.push(`${name} out`);
          const { code } = await next();
          order.push(`${name} back ${code}`);
        };
      await call(client, [withToken("1"), noting("a"), noting("b")]);
      expect(order).toEqual(["a out", "b out", "b back 0", "a back 0"]);
    });

    keeps(`${kind}: a refusal before next() is the call's status, and the server hears nothing`, async ({ start }) => {
      let served = 0;
      const count = () => {
        served++;
        throw boom;
      };
      const { client } = await start({ greet: count, download: count, upload: count, chat: count });
      const refuse: ClientInterceptor = async () => {
        throw new RpcError(status.UNAUTHENTICATED, "no token");
      };
      expect(await rejection(call(client, [refuse]))).toMatchObject({
        code: status.UNAUTHENTICATED,
        details: "no token",
      });
      expect(served).toBe(0);
    });

    keeps(`${kind}: an accident in an interceptor is INTERNAL, with its text`, async ({ start }) => {
      const { client } = await start(tokens);
      const throwing: ClientInterceptor = () => {
        throw boom;
      };
      const silent: ClientInterceptor = async () => {};
      expect(await rejection(call(client, [throwing]))).toMatchObject({
        code: status.INTERNAL,
        details: "an interceptor threw: boom",
      });
      expect((await rejection(call(client, [silent]))).details).toContain("neither called next() nor answered");
    });

    keeps(`${kind}: what is thrown after next() is the status instead of the server's`, async ({ start }) => {
      const { client } = await start(tokens);
      const mapping: ClientInterceptor = async (_, next) => {
        await next();
        throw new RpcError(status.DATA_LOSS, "mapped");
      };
      expect((await rejection(call(client, [withToken("1"), mapping]))).code).toBe(status.DATA_LOSS);
    });

    keeps(`${kind}: a hook that throws ends the call`, async ({ start }) => {
      const { client } = await start(tokens);
      const failing = () => {
        throw boom;
      };
      for (const hooks of [{ sent: failing }, { received: failing }, { header: failing }]) {
        const hooked: ClientInterceptor = async (_, next) => void (await next(hooks));
        if (kind === "server streaming" && "sent" in hooks) continue; // as the others, but its request is sent in one piece
        expect((await rejection(call(client, [withToken("1"), hooked]))).code).toBe(status.INTERNAL);
      }
    });
  }

  keeps("messages may be seen and replaced, both ways", async ({ start }) => {
    const { client } = await start({
      async *chat(call) {
        for await (const { value } of call) yield { value: `echo ${value}` };
      },
    });
    const seen: unknown[] = [];
    const outer: ClientInterceptor = async (_, next) =>
      void (await next({
        sent: (message) => ({ value: `${(message as { value: string }).value}!` }),
        received: (message) => void seen.push((message as { value: string }).value),
      }));
    const inner: ClientInterceptor = async (_, next) =>
      void (await next({ received: (message) => Object.assign(message as object, { value: "replaced" }) }));
    const chat = client.chat({ interceptors: [outer, inner] });
    await chat.send({ value: "hi" });
    expect((await chat.recv())?.value).toBe("replaced");
    expect(seen).toEqual(["replaced"]);
    chat.cancel();
  });

  keeps("a unary call may be answered, and next() may be called once only", async ({ start }) => {
    const { client } = await start(tokens);
    const cached: ClientInterceptor = async () => ({ response: { value: "cached" } });
    expect((await client.greet({ value: "" }, { interceptors: [cached] })).value).toBe("cached");
    const twice: ClientInterceptor = async (_, next) => {
      await next();
      await next();
    };
    expect((await rejection(client.greet({ value: "" }, { interceptors: [twice] }))).details).toContain(
      "a second time",
    );
  });

  keeps(
    "an interceptor sees how the call ended, its trailer and its time, and never an exception",
    async ({ start }) => {
      const { client } = await start({
        greet(_, call) {
          call.trailer.set("left", "3");
          throw new RpcError(status.NOT_FOUND, "nothing");
        },
      });
      const seen: unknown[] = [];
      const observing: ClientInterceptor = async (call, next) => {
        const ended = await next({ header: () => seen.push("header") });
        seen.push(ended.code, ended.details, ended.metadata.get("left"), call.elapsedMs > 0, call.method.path);
      };
      await rejection(client.greet({ value: "" }, { interceptors: [observing] }));
      expect(seen.filter((one) => one !== "header")).toEqual([
        status.NOT_FOUND,
        "nothing",
        ["3"],
        true,
        "/contract.v1.Trial/Greet",
      ]);
    },
  );

  keeps(
    "a call that is cancelled while an interceptor holds it ends at once, and its signal aborts",
    async ({ start }) => {
      let served = 0;
      const { client } = await start({ chat: async () => void served++ });
      const stop = new AbortController();
      let aborted: Promise<unknown> | undefined;
      const holding: ClientInterceptor = async (call, next) => {
        aborted = new Promise((resolve) => call.signal.addEventListener("abort", resolve));
        await aborted;
        expect((await next()).code).toBe(status.CANCELLED);
      };
      const chat = client.chat({ interceptors: [holding], signal: stop.signal });
      const sent = chat.send({ value: "waits" });
      stop.abort();
      expect((await chat.status).code).toBe(status.CANCELLED);
      await expect(sent).rejects.toMatchObject({ code: status.CANCELLED });
      await aborted;
      expect(served).toBe(0);
    },
  );

  keeps("a deadline counts while an interceptor holds the call, and may be moved by it", async ({ start }) => {
    const { client } = await start({ greet: (_, call) => ({ value: String(Number.isFinite(call.timeoutMs())) }) });
    const holding: ClientInterceptor = async (call, next) => {
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      await next();
    };
    const late = await rejection(client.greet({ value: "" }, { interceptors: [holding], timeoutMs: 50 }));
    expect(late.code).toBe(status.DEADLINE_EXCEEDED);
    const limiting: ClientInterceptor = async (call, next) => {
      expect(call.timeoutMs).toBe(Number.POSITIVE_INFINITY);
      call.timeoutMs = 60_000;
      await next();
    };
    expect((await client.greet({ value: "" }, { interceptors: [limiting] })).value).toBe("true");
  });

  keeps("a deadline ends a call whose interceptor waits for ever", async ({ start }) => {
    const { client } = await start({});
    const forever: ClientInterceptor = () => new Promise(() => {});
    const late = await rejection(client.greet({ value: "" }, { interceptors: [forever], timeoutMs: 50 }));
    expect(late.code).toBe(status.DEADLINE_EXCEEDED);
  });

  keeps("messages are counted: those that were sent, and those that came, read or not", async ({ start }) => {
    const { client } = await start({ download: async () => [1, 2, 3].map((n) => ({ value: Buffer.from([n]) })) });
    let counts: unknown;
    const counting: ClientInterceptor = async (call, next) => {
      await next();
      counts = call.messages;
    };
    await client.download({ value: 1 }, { interceptors: [counting] }).status;
    expect(counts).toEqual({ sent: 1, received: 3 });
  });

  keeps("the caller's context is read, and is its own", async ({ start }) => {
    const { client } = await start(tokens);
    const tenant = contextKey<string>("tenant");
    const byContext: ClientInterceptor = async (call, next) => {
      call.metadata.set("token", call.context.get(tenant) ?? "none");
      await next();
    };
    const context = new CallContext().set(tenant, "blue");
    expect((await client.greet({ value: "" }, { interceptors: [byContext], context })).value).toBe("blue");
    expect((await client.greet({ value: "" }, { interceptors: [byContext] })).value).toBe("none");
  });

  keeps("a parent passes on its time, its end and its trace, and nothing else", async ({ start }) => {
    const inner = await start({
      greet: (_, call) => ({
        value: [
          call.metadata.get("traceparent"),
          call.metadata.get("secret").length,
          call.timeoutMs() <= 60_000,
        ].join(),
      }),
      chat: (call) =>
        new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason))),
    });
    let chained: Promise<unknown> | undefined;
    const outer = await start({
      greet: ({ value }, parent) => inner.client.greet({ value }, { parent }),
      chat: async (parent) => {
        chained = inner.client.chat({ parent }).status;
        for await (const _ of parent);
      },
    });
    const metadata = { traceparent: "00-1-2-01", secret: "s" };
    expect((await outer.client.greet({ value: "" }, { metadata, timeoutMs: 60_000 })).value).toBe("00-1-2-01,0,true");
    const chat = outer.client.chat();
    await chat.send({ value: "" });
    while (chained === undefined) await new Promise((resolve) => setImmediate(resolve));
    chat.cancel();
    expect(await chained).toMatchObject({ code: status.CANCELLED });
  });
});
