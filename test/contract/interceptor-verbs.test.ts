import { expect } from "vitest";
import { withInterceptors } from "../../src/runtime/call/client/intercepted-channel.js";
import { type ClientInterceptor, Metadata, type ServerCall, type ServerInterceptor } from "../../src/runtime/index.js";
import { contract, readAll } from "./harness/harness.js";
import { type BytesInit, type StringInit, TrialClient, type TrialHandlers } from "./harness/trial-service.js";

const LONG = "to be or not to be; ".repeat(200);

/** What a handler saw of its call. */
interface Seen {
  readonly request: unknown;
  readonly compressed: boolean | undefined;
  readonly timeoutMs: number;
}

/** Handlers that note what comes, and answer with a header, a trailer and "answer". */
function noting(seen: Seen[]): TrialHandlers {
  const note = (call: ServerCall, request: unknown): void => {
    seen.push({ request, compressed: call.compressed, timeoutMs: call.timeoutMs() });
    const header = new Metadata();
    header.set("x-header", "handler");
    call.sendHeader(header);
    call.trailer.set("x-trailer", "handler");
  };
  return {
    greet({ value }, call) {
      note(call, value);
      return { value: "answer" };
    },
    async *download({ value }, call) {
      note(call, String(value));
      yield { value: Buffer.from("answer") };
    },
    async upload(call) {
      let text = "";
      for await (const { value } of call) text += Buffer.from(value).toString();
      note(call, text);
      return { value: 6 };
    },
    async *chat(call) {
      const first = await call.recv();
      note(call, first?.value);
      yield { value: "answer" };
    },
  };
}

/** A call of each kind: what came back. The request is `LONG`, or 1. */
const kinds: Readonly<
  Record<string, (client: TrialClient, interceptors: readonly ClientInterceptor[]) => Promise<unknown>>
> = {
  unary: async (client, interceptors) => (await client.greet({ value: LONG }, { interceptors })).value,
  "server streaming": async (client, interceptors) => {
    const { messages } = await readAll(client.download({ value: 1 }, { interceptors }));
    return Buffer.from(messages[0]?.value ?? []).toString();
  },
  "client streaming": async (client, interceptors) => {
    const call = client.upload({ interceptors });
    await call.send({ value: Buffer.from(LONG) });
    return (await call.closeAndRecv()).value;
  },
  bidirectional: async (client, interceptors) => {
    const call = client.chat({ interceptors });
    await call.send({ value: LONG });
    return (await readAll(call)).messages[0]?.value;
  },
};

/** Another message of the same type. */
function replaced(message: unknown, by: string): unknown {
  const { value } = message as StringInit | BytesInit; // every message of the service has one field, `value`
  if (typeof value === "string") return { ...(message as object), value: by };
  if (typeof value === "number") return { ...(message as object), value: by.length };
  return { ...(message as object), value: Buffer.from(by) };
}

contract("interceptor verbs", (keeps) => {
  for (const [kind, call] of Object.entries(kinds)) {
    const one = kind === "client streaming";

    keeps(`${kind}: a client's interceptor changes deadline and compression`, async ({ start }) => {
      const seen: Seen[] = [];
      const { client } = await start(noting(seen));
      const change: ClientInterceptor = async (outgoing, next) => {
        await new Promise((resolve) => setImmediate(resolve));
        outgoing.timeoutMs = 60_000;
        outgoing.compression = "gzip";
        await next();
      };
      await call(client, [change]);
      expect(seen).toHaveLength(1);
      expect(seen[0]?.timeoutMs).toBeLessThanOrEqual(60_000);
      expect(seen[0]?.timeoutMs).toBeGreaterThan(0);
      expect([true, undefined]).toContain(seen[0]?.compressed); // grpc-js does not tell
    });

    keeps(
      `${kind}: a client's interceptor sees header, status, trailer and time, and replaces messages`,
      async ({ start }) => {
        const seen: Seen[] = [];
        const { client } = await start(noting(seen));
        const heard: unknown[] = [];
        const watch: ClientInterceptor = async (outgoing, next) => {
          const { code, metadata } = await next({
            sent: (message) => replaced(message, "42"),
            received: (message) => replaced(message, "changed"),
            header: (header) => heard.push(header.get("x-header").join()),
          });
          heard.push(code, metadata.get("x-trailer").join(), outgoing.elapsedMs > 0);
        };
        expect(await call(client, [watch])).toBe(one ? "changed".length : "changed");
        expect(seen[0]?.request).toBe(kind === "server streaming" ? "2" : "42");
        expect(heard).toEqual(["handler", 0, "handler", true]);
      },
    );

    keeps(`${kind}: interceptors of a call stand around those of its channel`, async ({ start }) => {
      const { channel } = await start(noting([]));
      const order: string[] = [];
      const named =
        (name: string): ClientInterceptor =>
        async (_, next) => {
          order.push(`${name} out`);
          await next();
          order.push(`${name} back`);
        };
      await call(new TrialClient(withInterceptors(channel, [named("channel")])), [named("call")]);
      await new Promise((resolve) => setImmediate(resolve)); // the last word is the interceptor's own
      expect(order).toEqual(["call out", "channel out", "channel back", "call back"]);
    });

    keeps(`${kind}: a server's interceptor adds header and trailer, and replaces messages`, async ({ start }) => {
      const seen: Seen[] = [];
      const change: ServerInterceptor = async (incoming, next) => {
        incoming.trailer.set("x-interceptor", "before");
        await next({ received: (message) => replaced(message, "42"), sent: (message) => replaced(message, "changed") });
        incoming.trailer.set("x-interceptor", "after");
      };
      const { client } = await start(noting(seen), { interceptors: [change] });
      const heard: unknown[] = [];
      const watch: ClientInterceptor = async (_, next) => {
        const { metadata } = await next();
        heard.push(metadata.get("x-interceptor").join(), metadata.get("x-trailer").join());
      };
      expect(await call(client, [watch])).toBe(one ? "changed".length : "changed");
      expect(seen[0]?.request).toBe(kind === "server streaming" ? "2" : "42");
      expect(heard).toEqual(["after", "handler"]);
    });
  }

  keeps("sends wait while an interceptor holds the call, and go out in order once it lets go", async ({ start }) => {
    const values: number[] = [];
    const { client } = await start({
      async upload(call) {
        for await (const { value } of call) values.push(value[0] ?? -1);
        return { value: values.length };
      },
    });
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const hold: ClientInterceptor = async (_, next) => {
      await held;
      await next();
    };
    const call = client.upload({ interceptors: [hold] });
    let accepted = 0;
    const sends = Array.from({ length: 5 }, (_, at) => call.send({ value: Uint8Array.of(at) }).then(() => accepted++));
    await new Promise((resolve) => setImmediate(resolve));
    expect(accepted).toBe(0); // nothing piles up behind a caller's back
    letGo();
    await Promise.all(sends);
    expect((await call.closeAndRecv()).value).toBe(5);
    expect(values).toEqual([0, 1, 2, 3, 4]);
  });
});
