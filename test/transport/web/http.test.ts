import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { Deferred } from "../../../src/runtime/core/deferred.js";
import { connect, http2Transport, type RpcError } from "../../../src/runtime/index.js";
import { fetchChannel } from "../../../src/runtime/web.js";
import { type CorsOptions, webDoors } from "../../../src/runtime/web-server.js";
import { settled } from "../../contract/harness/settled.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { certificates } from "../../support/certificates.js";
import { type Place, serveAt, serverOf, type WebTrialHandlers } from "./doors.js";

const echo: Partial<WebTrialHandlers> = { greet: ({ value }) => ({ value }), look: ({ value }) => ({ value }) };
const greet = "/contract.v1.Trial/Greet";
const json = { "content-type": "application/json" };
const page = "https://app.example.com";

/** A server's URL with these pages allowed, at a place of HTTP/1.1. */
async function open(place: Place, cors: CorsOptions = {}): Promise<string> {
  const server = serverOf(echo);
  if (place === "node:http") return await serveAt(place, server, cors);
  const { port } = await server.listen("127.0.0.1:0", { web: webDoors(cors) });
  return `http://127.0.0.1:${port}`;
}

/** Sends bytes over a plain connection, in these pieces; all that came until it was closed. */
async function talk(port: number, pieces: readonly string[]): Promise<string> {
  const socket = connectTcp(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.setNoDelay(true);
  await once(socket, "connect");
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    received += text;
  });
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await once(socket, "close");
  return received;
}

/** Sends a request over a plain connection that stays open; what has come once that is the whole answer. */
function answerTo(port: number, request: string, isWhole: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let text = "";
    socket.setEncoding("latin1").on("data", (piece: string) => {
      text += piece;
      if (isWhole(text)) resolve(text);
    });
    socket.write(request);
  });
}

describe.each(["listen", "node:http"] as const)("requests at %s", (place) => {
  test.each([
    ["a path of no method", "/contract.v1.Trial/Nothing", { method: "POST", headers: json, body: "{}" }, 404, ""],
    ["a GET of a method with side effects", greet, {}, 405, "POST"],
    ["another verb", greet, { method: "PUT", headers: json, body: "{}" }, 405, ""],
    [
      "a content type that nobody knows",
      greet,
      { method: "POST", headers: { "content-type": "text/plain" }, body: "x" },
      415,
      "",
    ],
    ["no content type", greet, { method: "POST" }, 415, ""],
    [
      "a stream's content type for a unary call",
      greet,
      { method: "POST", headers: { "content-type": "application/connect+json" }, body: "" },
      415,
      "",
    ],
    [
      "gRPC over HTTP/1.1",
      greet,
      { method: "POST", headers: { "content-type": "application/grpc" }, body: "" },
      415,
      "",
    ],
  ])("%s: %s", async (_what, path, init, httpStatus, allow) => {
    const response = await fetch((await open(place)) + path, init);
    expect(response.status).toBe(httpStatus);
    if (allow !== "") expect(response.headers.get("allow")).toBe(allow);
    expect(response.headers.get("content-type")).toContain("text/plain");
  });

  test.each([
    ["malformed JSON", json, '"', 400, "invalid_argument"],
    ["JSON that is not the message", json, '{"a":1}', 400, "invalid_argument"],
    ["another version", { ...json, "connect-protocol-version": "2" }, '"x"', 400, "invalid_argument"],
    ["a malformed timeout", { ...json, "connect-timeout-ms": "soon" }, '"x"', 400, "invalid_argument"],
    ["no time left", { ...json, "connect-timeout-ms": "0" }, '"x"', 504, "deadline_exceeded"],
    ["an unknown compression", { ...json, "content-encoding": "br" }, '"x"', 501, "unimplemented"],
    ["what is not gzip", { ...json, "content-encoding": "gzip" }, '"x"', 500, "internal"],
  ])("%s is an error of Connect", async (_what, headers, body, httpStatus, code) => {
    const response = await fetch((await open(place)) + greet, { method: "POST", headers, body });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([httpStatus, code]);
  });

  test("a GET calls a method without side effects", async () => {
    const url = await open(place);
    const look = `${url}/contract.v1.Trial/Look`;
    const response = await fetch(`${look}?connect=v1&encoding=json&message=${encodeURIComponent('"hello"')}`);
    expect([response.status, await response.json()]).toEqual([200, "hello"]);
    expect(response.headers.get("vary")).toContain("accept-encoding");
    const binary = await fetch(`${look}?encoding=proto&base64=1&message=CgJoaQ`);
    expect([...new Uint8Array(await binary.arrayBuffer())]).toEqual([10, 2, 104, 105]);
    expect((await fetch(`${look}?encoding=json`)).status).toBe(400);
  });

  describe("CORS", () => {
    const asPage = (origin: string) => ({ ...json, origin });

    test("pages of other origins are refused by default, and the handler does not run", async () => {
      const response = await fetch((await open(place)) + greet, { method: "POST", headers: asPage(page), body: '"x"' });
      expect(response.status).toBe(403);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      expect(await response.text()).toContain(page);
    });

    test("so are their preflight requests", async () => {
      const headers = { origin: page, "access-control-request-method": "POST" };
      expect((await fetch((await open(place)) + greet, { method: "OPTIONS", headers })).status).toBe(403);
    });

    test("pages of the server's own origin may call", async () => {
      const url = await open(place);
      const response = await fetch(url + greet, { method: "POST", headers: asPage(url), body: '"x"' });
      expect(response.status).toBe(200);
      expect(response.headers.get("vary")).toBe("origin");
    });

    test("origins that are named may call, and read what they must", async () => {
      const url = await open(place, { origins: [page], exposeHeaders: ["x-request-id"] });
      const response = await fetch(url + greet, { method: "POST", headers: asPage(page), body: '"x"' });
      expect([response.status, await response.json()]).toEqual([200, "x"]);
      expect(response.headers.get("access-control-allow-origin")).toBe(page);
      const exposed = response.headers.get("access-control-expose-headers")?.split(",");
      expect(exposed).toEqual(expect.arrayContaining(["grpc-status", "x-request-id", "trailer-x-request-id"]));
      const other = await fetch(url + greet, {
        method: "POST",
        headers: asPage("https://evil.example.com"),
        body: '"x"',
      });
      expect(other.status).toBe(403);
    });

    test("a preflight says what may be sent, and how long that holds", async () => {
      const url = await open(place, {
        origins: [page],
        allowHeaders: ["X-Token"],
        maxAgeSeconds: 60,
        credentials: true,
      });
      const headers = {
        origin: page,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-token",
      };
      const response = await fetch(url + greet, { method: "OPTIONS", headers });
      expect(response.status).toBe(204);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "access-control-allow-origin": page,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "POST,GET",
        "access-control-max-age": "60",
      });
      const allowed = response.headers.get("access-control-allow-headers")?.split(",");
      expect(allowed).toEqual(
        expect.arrayContaining(["content-type", "connect-timeout-ms", "grpc-timeout", "x-token"]),
      );
      expect(allowed).not.toContain("authorization");
    });

    test.each(["connect", "grpc-web"] as const)(
      "a preflight lets all through that fetchChannel sends over %s",
      async (protocol) => {
        const sent = new Set<string>();
        const record = async (_: unknown, init?: RequestInit): Promise<Response> => {
          new Headers(init?.headers).forEach((_value, name) => void sent.add(name));
          throw new TypeError("not sent");
        };
        const client = new TrialClient(fetchChannel("http://example.com", { protocol, fetch: record }));
        const options = { compression: "gzip", timeoutMs: 60_000 } as const;
        await client.greet({ value: "" }, options).catch(() => {});
        await client.download({ value: 0 }, options).status;
        await client.upload(options).status;
        expect([...sent]).toContain("content-type");
        const headers = { origin: page, "access-control-request-method": "POST" };
        const response = await fetch((await open(place, { origins: [page] })) + greet, { method: "OPTIONS", headers });
        const allowed = response.headers.get("access-control-allow-headers")?.split(",");
        expect(allowed).toEqual(expect.arrayContaining([...sent]));
      },
    );

    test("all origins, where that is said", async () => {
      const url = await open(place, { origins: "*" });
      const response = await fetch(url + greet, { method: "POST", headers: asPage("null"), body: '"x"' });
      expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    });
  });
});

describe("options", () => {
  test.each([
    [{ origins: ["app.example.com"] }, /app\.example\.com.*is no origin/],
    [{ origins: ["https://app.example.com/page"] }, /is no origin/],
    [{ origins: "*", credentials: true }, /credentials/],
    [{ maxAgeSeconds: -1 }, /maxAgeSeconds/],
    [{ orgins: [] }, /knows no option "orgins"/],
  ] as [CorsOptions, RegExp][])("%j is refused", async (cors, text) => {
    expect(() => webDoors(cors)).toThrow(text);
    await expect(serveAt("node:http", serverOf(echo), cors)).rejects.toThrow(text);
  });

  test("listen takes doors, not their options", async () => {
    const web = { origins: ["https://app.example.com"] } as unknown as ReturnType<typeof webDoors>;
    await expect(serverOf(echo).listen("127.0.0.1:0", { web })).rejects.toThrow(/webDoors\(\{ origins \}\)/);
  });

  test("a transport that has no doors says so", async () => {
    const { grpcJsTransport } = await import("../../../src/runtime/grpc-js.js");
    const server = serverOf(echo, { transport: grpcJsTransport() });
    await expect(server.listen("127.0.0.1:0", { web: webDoors() })).rejects.toThrow(
      /no doors for the web; http2Transport has/,
    );
  });
});

describe("one port", () => {
  test("the first bytes decide, however they are cut", async () => {
    const server = serverOf(echo);
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const request = `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 3\r\nconnection: close\r\n\r\n"x"`;
    const answer = await talk(port, [...request.slice(0, 6), request.slice(6)]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n"x"$/);
    const goaway = await talk(port, ["P", "R", "I", " * HTTP/2.0\r\n\r\nnonsense"]);
    // It was taken for HTTP/2.
    expect(goaway).toContain("the client does not speak HTTP/2");
    expect(
      (await fetch(`http://127.0.0.1:${port}${greet}`, { method: "POST", headers: json, body: '"y"' })).status,
    ).toBe(200);
    const channel = connect(`http://127.0.0.1:${port}`);
    expect((await new TrialClient(channel).greet({ value: "z" })).value).toBe("z");
    await channel.close();
  });

  test("who says nothing, or not all of its headers, is closed in time", async () => {
    const server = serverOf(echo, { transport: http2Transport({ handshakeTimeoutMs: 100 }) });
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    expect(await talk(port, [])).toBe("");
    expect(await talk(port, ["PR"])).toBe("");
    expect(await talk(port, [`POST ${greet} HTTP/1.1\r\nhost: x\r\n`])).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("a body that breaks off is a cancel for its handler, not an end", async () => {
    let ended: (how: string) => void = () => {};
    const how = new Promise<string>((resolve) => {
      ended = resolve;
    });
    const server = serverOf({
      async upload(call) {
        try {
          for await (const _message of call);
          ended("a true end");
        } catch (error) {
          ended(`code ${(error as RpcError).code}`);
        }
      },
    });
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const socket = connectTcp(port, "127.0.0.1");
    socket.write(
      "POST /contract.v1.Trial/Upload HTTP/1.1\r\nhost: x\r\ncontent-type: application/connect+proto\r\ntransfer-encoding: chunked\r\n\r\n5\r\n\0\0\0\0\0\r\n",
      () => setImmediate(() => socket.destroy()),
    );
    expect(await how).toBe("code 1");
  });

  test("a body that ends within a message is INTERNAL", async () => {
    const server = serverOf({
      async upload(call) {
        for await (const _message of call);
        await call.sendAndClose({ value: 1 });
      },
    });
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const response = await fetch(`http://127.0.0.1:${port}/contract.v1.Trial/Upload`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
      body: Uint8Array.of(0, 0, 0, 0, 9, 1),
    });
    expect(await response.text()).toContain("grpc-status: 13");
  });

  test("an answer may come while the client still sends", async () => {
    const server = serverOf({
      async upload(call) {
        await call.recv();
        await call.sendAndClose({ value: 7 });
      },
    });
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const answer = await answerTo(
      port,
      "POST /contract.v1.Trial/Upload HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc-web\r\ntransfer-encoding: chunked\r\n\r\n5\r\n\0\0\0\0\0\r\n",
      (text) => text.endsWith("grpc-status: 0\r\n"),
    );
    expect(answer).toContain("HTTP/1.1 200 OK");
  });

  test.each(["application/grpc-web+proto", "application/grpc-web-text+proto"])(
    "an answer of one message is one body of known length: %s",
    async (contentType) => {
      const server = serverOf(echo);
      const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
      const request = Uint8Array.of(0, 0, 0, 0, 3, 0x0a, 1, 0x78);
      const response = await fetch(`http://127.0.0.1:${port}${greet}`, {
        method: "POST",
        headers: { "content-type": contentType },
        body: contentType.includes("text") ? Buffer.from(request).toString("base64") : request,
      });
      const body = Buffer.from(await response.arrayBuffer());
      const plain = contentType.includes("text") ? Buffer.from(body.toString("latin1"), "base64") : body;
      expect(response.headers.get("content-length")).toBe(String(body.length));
      expect([...plain.subarray(0, 8)]).toEqual([...request]);
      expect(plain.subarray(13).toString()).toBe("grpc-status: 0\r\n");
    },
  );

  test("messages that are sent at once share chunks", async () => {
    const go = new Deferred<void>();
    onTestFinished(() => go.resolve());
    const server = serverOf({
      ...echo,
      async download(_request, call) {
        for (let i = 0; i < 50; i++) await call.send({ value: Uint8Array.of(i) });
        await go.promise;
      },
    });
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const answer = await answerTo(
      port,
      "POST /contract.v1.Trial/Download HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0",
      (text) => text.endsWith("\x31\r\n"),
    );
    const chunks: number[] = [];
    for (let rest = answer.slice(answer.indexOf("\r\n\r\n") + 4); rest !== ""; ) {
      const [size = ""] = rest.split("\r\n", 1);
      chunks.push(Number.parseInt(size, 16));
      rest = rest.slice(size.length + 2 + Number.parseInt(size, 16) + 2);
    }
    // Each message has 8 bytes; the first may go before the handler has its next turn.
    expect(chunks.reduce((sum, size) => sum + size, 0)).toBe(50 * 8);
    expect(chunks.length).toBeLessThan(5);
  });

  test("a client that does not read stops the handler", async () => {
    let sent = 0;
    const server = serverOf({
      ...echo,
      async download(_request, call) {
        while (await call.send({ value: new Uint8Array(64 * 1024) })) sent++;
      },
    });
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const socket = connectTcp(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write(
      "POST /contract.v1.Trial/Download HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0",
    );
    const roundTrip = () => fetch(`http://127.0.0.1:${port}${greet}`, { method: "POST", headers: json, body: '"x"' });
    await settled(() => sent, roundTrip);
    expect(sent).toBeGreaterThan(0);
    // What the kernel's buffers of loopback take, and our high-water mark.
    expect(sent).toBeLessThan(400);
  });

  test("an Upgrade is given to who takes its path; others are 404", async () => {
    const server = serverOf(echo);
    const upgrade = {
      "/socket": (_request: unknown, socket: import("node:stream").Duplex) =>
        void socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: test\r\n\r\nhello"),
    };
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors({ upgrade }) });
    const ask = (path: string) =>
      talk(port, [`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: test\r\n\r\n`]);
    expect(await ask("/socket?a=1")).toMatch(/^HTTP\/1\.1 101 [\s\S]*hello$/);
    expect(await ask("/other")).toMatch(/^HTTP\/1\.1 404 /);
  });

  test("under TLS the client's ALPN decides; without any it is HTTP/1.1", async () => {
    const { ca, server: tls } = await certificates();
    const server = serverOf({ greet: (_request, call) => ({ value: call.connection?.tls?.alpn ?? "none" }) });
    const { port } = await server.listen("127.0.0.1:0", { tls, web: webDoors() });
    const channel = connect(`https://127.0.0.1:${port}`, { tls: { ca } });
    onTestFinished(() => channel.close());
    expect((await new TrialClient(channel).greet({ value: "" })).value).toBe("h2");
    const ask = async (ALPNProtocols: string[] | undefined): Promise<string> => {
      const socket = connectTls({
        port,
        host: "127.0.0.1",
        ca,
        ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }),
      });
      socket.write(
        `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n""`,
      );
      let text = "";
      for await (const piece of socket.setEncoding("latin1")) text += piece;
      return text.slice(text.indexOf("\r\n\r\n") + 4);
    };
    expect(await ask(["http/1.1"])).toBe('"http/1.1"');
    expect(await ask(undefined)).toBe('"none"');
  });
});
