import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import {
  type ClientInterceptor,
  RpcError,
  type ServerCall,
  type ServerInterceptor,
  status,
  withInterceptors,
} from "../../src/runtime/index.js";
import { contract, readAll, rejection, turn } from "./harness/harness.js";
import { TrialClient, type TrialHandlers } from "./harness/trial-service.js";

const boom = new Error("boom");

/** What is left of a call's time, in minutes; 0 without a deadline. */
function minutes(call: ServerCall): number {
  return call.deadline === undefined ? 0 : Math.ceil(call.timeoutMs() / 60_000);
}

const handlers: TrialHandlers = {
  greet: (_, call) => ({ value: String(minutes(call)) }),
  download: async (_, call) => [{ value: Buffer.from(String(minutes(call))) }],
  async upload(call) {
    for await (const _ of call);
    return { value: minutes(call) };
  },
  async *chat(call) {
    for await (const _ of call) yield { value: String(minutes(call)) };
  },
};

type Options = { readonly interceptors?: readonly ClientInterceptor[]; readonly timeoutMs?: number };

/** A call of each kind: what came back, as text. */
const kinds: Readonly<Record<string, (client: TrialClient, options?: Options) => Promise<string>>> = {
  unary: async (client, options) => (await client.greet({ value: "" }, options)).value,
  "server streaming": async (client, options) => {
    const { messages, error } = await readAll(client.download({ value: 1 }, options));
    if (error !== undefined) throw error;
    return messages.map(({ value }) => Buffer.from(value).toString()).join();
  },
  "client streaming": async (client, options) => {
    const call = client.upload(options);
    await call.send({ value: new Uint8Array(1) });
    return String((await call.closeAndRecv()).value);
  },
  bidirectional: async (client, options) => {
    const call = client.chat(options);
    await call.send({ value: "" });
    await call.closeSend();
    const { messages, error } = await readAll(call);
    if (error !== undefined) throw error;
    return messages.map(({ value }) => value).join();
  },
};

/** What a client's interceptor does wrong, and what its call ends with. */
const clientFaults: Readonly<Record<string, readonly [interceptor: ClientInterceptor, details: string]>> = {
  "that calls next() twice, one after the other": [
    async (_, next) => {
      await next();
      await next();
    },
    "an interceptor threw: next() was called a second time",
  ],
  "that calls next() twice at once": [
    async (_, next) => void (await Promise.all([next(), next()])),
    "an interceptor threw: next() was called a second time",
  ],
  "that throws in the stack of next()": [
    async (_, next) => {
      void next();
      throw boom;
    },
    "an interceptor threw: boom",
  ],
  "that throws something that is no error": [
    async () => {
      throw "a text";
    },
    "an interceptor threw: a text",
  ],
  "that moves the deadline after next()": [
    async (call, next) => {
      void next();
      call.timeoutMs = 1;
    },
    "an interceptor threw: timeoutMs can be set before next() only",
  ],
  "that changes the compression after next()": [
    async (call, next) => {
      void next();
      call.compression = "gzip";
    },
    "an interceptor threw: compression can be set before next() only",
  ],
  "that sets a deadline that is none": [
    async (call, next) => {
      call.timeoutMs = Number.NaN;
      await next();
    },
    "an interceptor threw: timeoutMs is not a number",
  ],
  "that answers after next()": [
    async (_, next) => {
      await next();
      return { response: { value: "mine" } };
    },
    "an interceptor answered after it had called next()",
  ],
  "that returns neither nothing nor an answer": [
    // A user of JavaScript's, who means an answer.
    (async () => ({ value: "mine" })) as unknown as ClientInterceptor,
    "an interceptor neither called next() nor answered",
  ],
};

/** What a server's interceptor does wrong, and what the server's owner hears of it. */
const serverFaults: Readonly<Record<string, readonly [interceptor: ServerInterceptor, heard: RegExp]>> = {
  "that calls next() twice, one after the other": [
    async (_, next) => {
      await next();
      await next();
    },
    /a second time/,
  ],
  "that calls next() twice at once": [async (_, next) => void (await Promise.all([next(), next()])), /a second time/],
  "that throws in the stack of next()": [
    async (_, next) => {
      void next();
      throw boom;
    },
    /boom/,
  ],
  "that throws after next()": [
    async (_, next) => {
      await next();
      throw boom;
    },
    /boom/,
  ],
  "that throws something that is no error": [
    async () => {
      throw "a text";
    },
    /a text/,
  ],
};

contract("interceptors that misbehave", (keeps) => {
  for (const [kind, call] of Object.entries(kinds)) {
    for (const [what, [fault, details]] of Object.entries(clientFaults)) {
      keeps(`${kind}: a client's interceptor ${what} ends the call with INTERNAL, once`, async ({ start }) => {
        const { client } = await start(handlers);
        const seen: string[] = [];
        const outer: ClientInterceptor = async (_, next) => {
          const ended = await next();
          seen.push(`${status[ended.code]} ${ended.details}`);
        };
        const error = await rejection(call(client, { interceptors: [outer, fault] }));
        expect([error.code, error.details]).toEqual([status.INTERNAL, details]);
        await turn();
        expect(seen).toEqual([`INTERNAL ${details}`]);
        expect(await call(client, { timeoutMs: 120_000 })).toBe("2"); // its neighbours do not feel it
      });
    }

    keeps(`${kind}: a client's interceptor may return without awaiting next()`, async ({ start }) => {
      const { client } = await start(handlers);
      const hasty: ClientInterceptor = async (_, next) => void next();
      expect(await call(client, { interceptors: [hasty, hasty], timeoutMs: 120_000 })).toBe("2");
    });

    keeps(`${kind}: a second next() whose error is caught harms nothing`, async ({ start }) => {
      const { client } = await start(handlers);
      const careful: ClientInterceptor = async (_, next) => {
        const first = next();
        expect(() => next()).toThrow(TypeError);
        await first;
      };
      expect(await call(client, { interceptors: [careful], timeoutMs: 120_000 })).toBe("2");
    });

    keeps(
      `${kind}: a client's interceptor that waits for ever after the end holds the call to its deadline`,
      async ({ start }) => {
        const { client } = await start(handlers);
        const ended = new Deferred<status>();
        const forever: ClientInterceptor = async (_, next) => {
          ended.resolve((await next()).code);
          await new Promise(() => {});
        };
        const error = await rejection(call(client, { interceptors: [forever], timeoutMs: 100 }));
        expect(error.code).toBe(status.DEADLINE_EXCEEDED);
        await ended.promise;
      },
    );

    keeps(`${kind}: an interceptor puts another status in the place of a deadline's`, async ({ start }) => {
      const wait = (_: unknown, { signal }: { signal: AbortSignal } = _ as { signal: AbortSignal }) =>
        new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      const { client } = await start({
        greet: wait,
        download: wait,
        upload: (one) => wait(one),
        chat: (one) => wait(one),
      });
      const mapping: ClientInterceptor = async (_, next) => {
        const { code } = await next();
        if (code === status.DEADLINE_EXCEEDED) throw new RpcError(status.UNAVAILABLE, "too slow");
      };
      const error = await rejection(call(client, { interceptors: [mapping], timeoutMs: 50 }));
      expect([error.code, error.details]).toEqual([status.UNAVAILABLE, "too slow"]);
    });

    keeps(`${kind}: closing the channel ends a call that an interceptor holds`, async ({ start }) => {
      const { channel, client } = await start(handlers);
      const held = new Deferred<void>();
      const forever: ClientInterceptor = () => {
        held.resolve();
        return new Promise(() => {});
      };
      const ending = rejection(call(client, { interceptors: [forever] }));
      await Promise.race([held.promise, ending]);
      await channel.close();
      expect((await ending).code).toBe(status.CANCELLED);
    });

    for (const [what, [fault, heard]] of Object.entries(serverFaults)) {
      keeps(
        `${kind}: a server's interceptor ${what} ends the call with UNKNOWN, and its owner hears`,
        async ({ start }) => {
          const errors: string[] = [];
          let armed = true;
          const once: ServerInterceptor = async (one, next) => {
            if (!armed) return await next();
            armed = false;
            return await fault(one, next);
          };
          const onError = (error: unknown): void =>
            void errors.push(error instanceof Error ? error.message : String(error));
          const { client } = await start(handlers, { interceptors: [once], onError });
          const error = await rejection(call(client));
          expect([error.code, error.details]).toEqual([status.UNKNOWN, "the handler failed"]);
          await turn();
          expect(errors).toEqual([expect.stringMatching(heard)]);
          expect(await call(client, { timeoutMs: 120_000 })).toBe("2");
        },
      );
    }

    keeps(`${kind}: a server's interceptor may return without awaiting next()`, async ({ start }) => {
      const hasty: ServerInterceptor = async (_, next) => void next();
      const { client } = await start(handlers, { interceptors: [hasty, hasty] });
      expect(await call(client, { timeoutMs: 120_000 })).toBe("2");
    });

    keeps(
      `${kind}: an error that a server's interceptor only catches ends the call all the same`,
      async ({ start }) => {
        const refuse = () => {
          throw new RpcError(status.ABORTED, "as it was");
        };
        const swallow: ServerInterceptor = async (_, next) => void (await next().catch(() => {}));
        const { client } = await start(
          { greet: refuse, download: refuse, upload: refuse, chat: refuse },
          { interceptors: [swallow] },
        );
        expect(await rejection(call(client))).toMatchObject({ code: status.ABORTED, details: "as it was" });
      },
    );
  }

  keeps("a unary answer is for methods with one response", async ({ start }) => {
    const { client } = await start(handlers);
    const answering: ClientInterceptor = async () => ({ response: { value: 7 } });
    const upload = client.upload({ interceptors: [answering] });
    expect((await upload.closeAndRecv()).value).toBe(7);
    const { messages, error } = await readAll(client.download({ value: 1 }, { interceptors: [answering] }));
    expect(messages).toEqual([]);
    expect(error).toMatchObject({
      code: status.INTERNAL,
      details: "an interceptor answered a method that has many responses",
    });
  });

  keeps("metadata that is changed after next() is not sent, and not by a later attempt either", async ({ start }) => {
    const seen: unknown[] = [];
    const { client } = await start({
      greet(request, call) {
        seen.push(call.metadata.get("x-before"), call.metadata.get("x-after"));
        return request;
      },
    });
    const late: ClientInterceptor = async (call, next) => {
      call.metadata.set("x-before", "1");
      const ended = next();
      call.metadata.set("x-after", "2");
      await ended;
    };
    await client.greet({ value: "" }, { interceptors: [late] });
    expect(seen).toEqual([["1"], []]);
  });

  keeps("what an interceptor does once the call is over reaches nobody, and escapes nowhere", async ({ start }) => {
    const { client } = await start(handlers);
    const cancelled = new Deferred<void>();
    const done = new Deferred<void>();
    const late: ClientInterceptor = async (_, next) => {
      try {
        await next();
        await cancelled.promise;
        throw boom;
      } finally {
        done.resolve();
      }
    };
    const call = client.download({ value: 1 }, { interceptors: [late] });
    await call.recv();
    call.cancel();
    const { code } = await call.status;
    cancelled.resolve();
    await done.promise;
    await turn();
    expect(code).toBe(status.CANCELLED);
    expect((await call.status).code).toBe(status.CANCELLED);
  });

  keeps(
    "a channel that is wrapped twice runs both lists, the later around the earlier, and closes once",
    async ({ start }) => {
      const { channel } = await start(handlers);
      const order: string[] = [];
      const named =
        (name: string): ClientInterceptor =>
        async (_, next) => {
          order.push(name);
          await next();
        };
      const once = withInterceptors(channel, [named("a"), named("b")]);
      const twice = withInterceptors(once, [named("c")]);
      const client = new TrialClient(twice);
      await client.greet({ value: "" }, { interceptors: [named("call")] });
      await new TrialClient(once).greet({ value: "" });
      expect(order).toEqual(["call", "c", "a", "b", "a", "b"]);
      expect([twice.state, twice.origin]).toEqual([channel.state, channel.origin]);
      await twice.close();
      expect(channel.state).toBe("shutdown");
      expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNAVAILABLE);
    },
  );

  keeps("a list with something that is no interceptor is refused where it is given", async ({ start, connect }) => {
    void connect;
    const { channel, client } = await start(handlers);
    const holes = [undefined, async () => {}] as unknown as ClientInterceptor[];
    expect(() => withInterceptors(channel, holes)).toThrow(TypeError);
    const error = await rejection(client.greet({ value: "" }, { interceptors: holes }));
    expect(error.code).toBe(status.INTERNAL);
    expect(error.details).toContain("interceptors[0] is undefined, not a function");
    await expect(start(handlers, { interceptors: holes as unknown as ServerInterceptor[] })).rejects.toThrow(
      "interceptors[0] is undefined, not a function",
    );
  });

  keeps("shutdown does not wait for a server's interceptor that waits for ever", async ({ start }) => {
    const begun = new Deferred<void>();
    const forever: ServerInterceptor = () => {
      begun.resolve();
      return new Promise(() => {});
    };
    const { client, shutdown } = await start(handlers, { interceptors: [forever] });
    const ending = rejection(client.greet({ value: "" }));
    await begun.promise;
    await shutdown(0);
    expect([status.CANCELLED, status.UNAVAILABLE]).toContain((await ending).code);
  });
});
