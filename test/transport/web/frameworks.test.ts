import { createServer } from "node:http";
import { Readable } from "node:stream";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import { RpcError, status } from "../../../src/runtime/index.js";
import { fetchHandler, nodeHandler } from "../../../src/runtime/web-server.js";
import { TrialDescriptor } from "../fetch/trial-descriptor.js";
import { listening, serverOf, type WebTrialHandlers } from "./doors.js";

const handlers: Partial<WebTrialHandlers> = {
  greet({ value }, call) {
    if (value === "") throw new RpcError(status.INVALID_ARGUMENT, "who?");
    return { value: `hello ${value} ${String(call.metadata.get("x-a"))}` };
  },
  look: ({ value }) => ({ value }),
  async *download({ value }) {
    for (let i = 0; i < value; i++) yield { value: new Uint8Array(i) };
  },
};

/** How a framework serves the handlers: the URL, and what fetches it. */
interface Served {
  readonly url: string;
  readonly fetch?: typeof globalThis.fetch;
}

const frameworks: Record<string, () => Promise<Served>> = {
  async Express() {
    const app = express();
    app.use("/api", nodeHandler(serverOf(handlers)));
    app.get("/health", (_request, response) => void response.send("fine"));
    return { url: `${await listening(createServer(app))}/api` };
  },
  async "Express, a body parser behind it"() {
    const app = express();
    app.use(nodeHandler(serverOf(handlers), { prefix: "/api" }));
    app.use(express.json());
    app.get("/health", (_request, response) => void response.send("fine"));
    return { url: `${await listening(createServer(app))}/api` };
  },
  async Fastify() {
    const app = fastify();
    const handler = nodeHandler(serverOf(handlers), { prefix: "/api" });
    app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("*", (_request, _body, done) => done(null));
      scope.all("/api/*", (request, reply) => {
        reply.hijack();
        handler(request.raw, reply.raw);
      });
    });
    app.get("/health", () => "fine");
    onTestFinished(() => app.close());
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url: `${url}/api` };
  },
  async Hono() {
    const app = new Hono();
    const handler = fetchHandler(serverOf(handlers), { prefix: "/api" });
    app.all("/api/*", (context) => handler(context.req.raw));
    app.get("/health", (context) => context.text("fine"));
    return { url: "http://127.0.0.1/api", fetch: async (input, init) => await app.fetch(new Request(input, init)) };
  },
};

describe.each(Object.entries(frameworks))("%s", (_name, serve) => {
  describe.each([
    ["connect-web, JSON", createConnectTransport, false, false],
    ["connect-web, protobuf", createConnectTransport, true, false],
    ["connect-web, GET", createConnectTransport, false, true],
    ["connect-web, gRPC-Web", createGrpcWebTransport, true, false],
  ] as const)("%s", (_client, create, useBinaryFormat, useHttpGet) => {
    test("a message, a stream, an error", async () => {
      const { url, fetch = globalThis.fetch } = await serve();
      const client = createClient(TrialDescriptor, create({ baseUrl: url, useBinaryFormat, useHttpGet, fetch }));
      expect((await client.greet({ value: "you" }, { headers: { "x-a": "1" } })).value).toBe("hello you 1");
      expect((await client.look({ value: "x" })).value).toBe("x");
      const sizes: number[] = [];
      for await (const { value } of client.download({ value: 4 })) sizes.push(value.length);
      expect(sizes).toEqual([0, 1, 2, 3]);
      await expect(client.greet({ value: "" })).rejects.toThrow("[invalid_argument] who?");
    });
  });

  test("what is no call is the framework's", async () => {
    const { url, fetch = globalThis.fetch } = await serve();
    const health = await fetch(url.replace(/\/api$/, "/health"));
    expect([health.status, await health.text()]).toEqual([200, "fine"]);
    expect((await fetch(`${url}/contract.v1.Trial/Nothing`, { method: "POST" })).status).toBe(404);
  });
});

test("a body parser before nodeHandler is named", async () => {
  const app = express();
  app.use(express.json({ strict: false }));
  app.use(nodeHandler(serverOf(handlers)));
  const url = await listening(createServer(app));
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/contract.v1.Trial/Greet`, { method: "POST", headers, body: '"x"' });
  expect(response.status).toBe(500);
  expect(await response.text()).toContain("body parser");
});

describe("fetchHandler", () => {
  const open = (more: Partial<WebTrialHandlers>) => {
    const handler = fetchHandler(serverOf({ ...handlers, ...more }));
    const fetch = (input: string | URL | Request, init?: RequestInit) =>
      handler(new Request(input, init), { peer: "1.2.3.4:5" });
    return { fetch, client: createClient(TrialDescriptor, createConnectTransport({ baseUrl: "http://x", fetch })) };
  };

  test("reads a stream of the request's as it is taken, and no faster", async () => {
    let given = 0;
    let taken = 0;
    const { fetch } = open({
      async upload(call) {
        for await (const { value } of call) {
          taken += value.length;
          // Little more than the window has been read, however much there is.
          expect(given - taken).toBeLessThan(512 * 1024);
        }
        await call.sendAndClose({ value: taken });
      },
    });
    const envelope = Uint8Array.of(0, 0, 0, 0x80, 4, 0x0a, 0x80, 0x80, 2, ...new Uint8Array(32_768));
    function* pieces() {
      for (let i = 0; i < 100; i++) {
        given += 32_768;
        yield envelope;
      }
    }
    const response = await fetch("http://x/contract.v1.Trial/Upload", {
      method: "POST",
      headers: { "content-type": "application/grpc-web" },
      body: Readable.toWeb(Readable.from(pieces(), { highWaterMark: 1 })) as ReadableStream,
      duplex: "half",
    } as RequestInit);
    expect(await response.text()).toContain("grpc-status: 0");
    expect(taken).toBe(3_276_800);
  });

  test("whoever stops to read cancels the call", async () => {
    let ended = () => {};
    const aborted = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { fetch } = open({
      async download(_request, call) {
        call.signal.addEventListener("abort", () => ended());
        while (await call.send({ value: new Uint8Array(1000) }));
      },
    });
    const response = await fetch("http://x/contract.v1.Trial/Download", {
      method: "POST",
      headers: { "content-type": "application/grpc-web" },
      body: new Uint8Array(5),
    });
    const reader = response.body!.getReader();
    expect((await reader.read()).value?.length).toBeGreaterThan(1000);
    await reader.cancel();
    await aborted;
  });

  test("an AbortSignal of the request's cancels the call", async () => {
    const abort = new AbortController();
    let ended = () => {};
    const aborted = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { fetch } = open({
      async greet(_request, call) {
        call.signal.addEventListener("abort", () => ended());
        abort.abort();
        await aborted;
        return { value: "" };
      },
    });
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: '"x"', signal: abort.signal };
    expect((await fetch("http://x/contract.v1.Trial/Greet", init)).status).toBe(499);
    await aborted;
  });

  test("the host may tell who calls", async () => {
    const { client } = open({ greet: (_request, call) => ({ value: call.peer }) });
    expect((await client.greet({ value: "x" })).value).toBe("1.2.3.4:5");
  });

  test("what a framework gives as the second argument is taken, as Next's route handlers do", async () => {
    type NextRoute = (request: Request, context: { params: Promise<{ path: string[] }> }) => Promise<Response>;
    const route: NextRoute = fetchHandler(serverOf({ greet: (_request, call) => ({ value: call.peer }) }));
    const headers = { "content-type": "application/json" };
    const request = new Request("http://x/contract.v1.Trial/Greet", { method: "POST", headers, body: '"x"' });
    const response = await route(request, { params: Promise.resolve({ path: [] }) });
    expect(await response.json()).toBe("unknown");
  });

  test("after shutdown calls are refused", async () => {
    const server = serverOf(handlers);
    const handler = fetchHandler(server);
    await server.shutdown();
    const headers = { "content-type": "application/json" };
    const request = new Request("http://x/contract.v1.Trial/Greet", { method: "POST", headers, body: '"x"' });
    expect((await handler(request)).status).toBe(503);
  });
});
