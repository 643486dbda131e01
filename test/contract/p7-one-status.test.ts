import { expect } from "vitest";
import { Metadata, RpcError, status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";
import type { TrialClient, TrialHandlers } from "./harness/trial-service.js";

/** A server whose every handler throws `thrown`, by the kind of throwing. */
function throwing(thrown: unknown, how: "sync" | "async"): TrialHandlers {
  const fail = (): never => {
    throw thrown;
  };
  const later = async (): Promise<never> => fail();
  const one = how === "sync" ? fail : later;
  return { greet: one, download: one, upload: one, chat: one };
}

/** One call of each kind. */
const calls: Record<string, (client: TrialClient) => Promise<unknown>> = {
  unary: (client) => client.greet({ value: "" }),
  server_streaming: (client) => client.download({ value: 0 }).recv(),
  client_streaming: (client) => client.upload().closeAndRecv(),
  bidi_streaming: (client) => client.chat().recv(),
};

/** Those that the client's transport carries. */
function callsOf({ bidi }: TrialClient): [kind: string, call: (client: TrialClient) => Promise<unknown>][] {
  return Object.entries(calls).filter(([kind]) => bidi || kind !== "bidi_streaming");
}

/** A message that no codec can encode, whatever it makes of a value of the wrong type. */
function unencodable(): { value: string } {
  return {
    get value(): string {
      throw new TypeError("no value");
    },
  };
}

contract("P7", (keeps) => {
  for (const how of ["sync", "async"] as const) {
    keeps(
      `P7 an RpcError thrown ${how} is the status of the call, with its details and metadata`,
      async ({ start }) => {
        const heard: unknown[] = [];
        const metadata = new Metadata();
        metadata.set("x-retry", "no");
        metadata.set("x-trace-bin", Buffer.from([0, 255]));
        const thrown = new RpcError(status.FAILED_PRECONDITION, "not now: 100 % €", { metadata });
        const { client } = await start(throwing(thrown, how), { onError: (error) => heard.push(error) });
        for (const [kind, call] of callsOf(client)) {
          const error = await rejection(call(client));
          expect(error, kind).toMatchObject({ code: status.FAILED_PRECONDITION, details: "not now: 100 % €" });
          expect(error.message).toMatch(/^\[FAILED_PRECONDITION\] not now: 100 % € \(\/\S+\/\w+(?:, \S+)?\)$/);
          expect(error.metadata.get("x-retry"), kind).toEqual(["no"]);
          expect(error.metadata.get("x-trace-bin"), kind).toEqual([Buffer.from([0, 255])]);
        }
        expect(heard).toEqual([]);
      },
    );

    keeps(`P7 anything else thrown ${how} is UNKNOWN without its text, and onError hears of it`, async ({ start }) => {
      const secret = new Error("password=hunter2");
      const heard: unknown[] = [];
      const { client } = await start(throwing(secret, how), { onError: (error) => heard.push(error) });
      for (const [kind, call] of callsOf(client)) {
        const error = await rejection(call(client));
        expect(error.code, kind).toBe(status.UNKNOWN);
        expect(error.details, kind).not.toContain("hunter2");
      }
      expect(heard).toEqual(callsOf(client).map(() => secret));
    });
  }

  keeps("P7 what is no status is not taken for one", async ({ start }) => {
    const library = Object.assign(new Error("internal text"), { code: 13 });
    const odd = [
      undefined,
      null,
      "text",
      5,
      library,
      new DOMException("gone", "NotFoundError"),
      new RpcError(status.OK),
    ];
    for (const thrown of odd) {
      const { client } = await start(throwing(thrown, "async"), { onError: () => {} });
      const error = await rejection(client.greet({ value: "" }));
      expect(error.code, String(thrown)).toBe(status.UNKNOWN);
      expect(error.details).not.toContain("internal text");
    }
  });

  keeps("P7 grpc-js's errors and plain status objects are statuses", async ({ start }) => {
    const serviceError = Object.assign(new Error("5 NOT_FOUND: gone"), {
      code: 5,
      details: "gone",
      metadata: new Metadata(),
    });
    for (const thrown of [serviceError, { code: 5, details: "gone" }, { code: 5, message: "gone" }]) {
      const { client } = await start(throwing(thrown, "async"));
      await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: status.NOT_FOUND, details: "gone" });
    }
  });

  keeps("P7 a status passed on from another call does not disturb the answer", async ({ start }) => {
    const metadata = new Metadata();
    for (const [key, value] of [
      ["grpc-status", "0"],
      ["grpc-message", "fine"],
      ["content-type", "text/html"],
      ["x-own", "1"],
    ]) {
      metadata.set(key as string, value as string);
    }
    const { client } = await start(
      throwing(new RpcError(status.ABORTED, "half a \uD800 pair\n", { metadata }), "async"),
    );
    for (const [kind, call] of callsOf(client)) {
      const error = await rejection(call(client));
      expect(error.code, kind).toBe(status.ABORTED);
      expect(error.details, kind).toBe("half a \uFFFD pair\n");
      expect(error.metadata.get("x-own"), kind).toEqual(["1"]);
    }
  });

  keeps("P7 the trailer goes out with OK and with errors", async ({ start }) => {
    const { client } = await start({
      greet(request, call) {
        call.trailer.set("x-cost", "3");
        if (request.value === "bad") throw new RpcError(status.INVALID_ARGUMENT, "bad");
        return request;
      },
    });
    let trailer: Metadata | undefined;
    await client.greet({ value: "good" }, { onTrailer: (metadata) => (trailer = metadata) });
    expect(trailer?.get("x-cost")).toEqual(["3"]);
    expect((await rejection(client.greet({ value: "bad" }))).metadata.get("x-cost")).toEqual(["3"]);
  });

  keeps("P7 a client-streaming handler that returns without sendAndClose is INTERNAL", async ({ start }) => {
    const heard: unknown[] = [];
    const { client } = await start({ upload: async () => {} }, { onError: (error) => heard.push(error) });
    const error = await rejection(client.upload().closeAndRecv());
    expect(error).toMatchObject({ code: status.INTERNAL });
    expect(error.details).toContain("without sendAndClose");
    expect(heard.length).toBe(1);
  });

  keeps("P7 a response that cannot be encoded is INTERNAL, and onError hears of it", async ({ start }) => {
    const heard: unknown[] = [];
    const { client } = await start(
      {
        greet: () => unencodable(),
        download: async (_, call) => void (await call.send({ value: "not bytes" as never })),
        upload: (call) => call.sendAndClose({ value: 2 ** 40 }),
        chat: async (call) => void (await call.send(unencodable())),
      },
      { onError: (error) => heard.push(error) },
    );
    for (const [kind, call] of callsOf(client)) {
      expect((await rejection(call(client))).code, kind).toBe(status.INTERNAL);
    }
    expect(heard.length).toBe(callsOf(client).length);
  });

  keeps("P7 an onError that throws does not harm the server", async ({ start }) => {
    const handlers = { ...throwing(new Error("first"), "async"), chat: async () => {} };
    const { client } = await start(handlers, {
      onError: () => {
        throw new Error("second");
      },
    });
    expect((await rejection(client.greet({ value: "" }))).code).toBe(status.UNKNOWN);
    expect(await client.chat().recv()).toBeUndefined();
  });

  keeps("P7 handlers of a class keep their this", async ({ start }) => {
    class Greeter {
      readonly #word = "hello";
      greet({ value }: { value: string }) {
        return { value: `${this.#word} ${value}` };
      }
    }
    const greeter = new Greeter();
    const { client } = await start({ greet: (request) => greeter.greet(request) });
    expect((await client.greet({ value: "Ada" })).value).toBe("hello Ada");
  });
});
