import { once } from "node:events";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import * as codegen from "../../src/runtime/codegen-v1.js";
import {
  type CallOptions,
  type Channel,
  type ConnectOptions,
  connect,
  type RpcError,
  Server,
  status,
} from "../../src/runtime/index.js";
import { type Authority, certificates } from "../support/certificates.js";

const bytes = es(BytesValueSchema);
const echo = codegen.unary("/diagnosis.v1.Diagnosis/Echo", bytes, bytes);
const service = codegen.service<{ echo(request: { value: Uint8Array }): { value: Uint8Array } }>(
  "diagnosis.v1.Diagnosis",
  {
    echo,
  },
);

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

let authority: Authority;
beforeAll(async () => {
  authority = await certificates();
});

async function listening(server: NetServer): Promise<string> {
  opened.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as { port: number }).port}`; // it listens on a port
}

/** What a call to it is told. */
function told(target: string, options: CallOptions = {}, channelOptions: ConnectOptions = {}): Promise<RpcError> {
  const channel = connect(target, channelOptions);
  opened.push(channel);
  return toldOver(channel, options);
}

function toldOver(channel: Channel, options: CallOptions = {}): Promise<RpcError> {
  return codegen.callUnary(channel, echo, { value: new Uint8Array(1) }, options).then(
    () => Promise.reject(new Error("it was answered")),
    (error: RpcError) => error,
  );
}

/** Answers the first bytes of a client so. */
const answers = (act: (socket: Socket) => void): NetServer =>
  createServer((socket) => socket.on("error", () => {}).once("data", () => act(socket)));

const HINT = "if it speaks TLS, connect with https://, or give tls";

describe("errors say what is wrong with a server that is none", () => {
  test("plain to our TLS server", async () => {
    const server = new Server().add(service, { echo: (request) => request });
    const { address } = await server.listen("127.0.0.1:0", { tls: authority.server });
    opened.push({ close: () => server.shutdown() });
    expect((await told(`http://${address}`)).message).toMatch(
      new RegExp(`^\\[UNAVAILABLE\\] .*the server hung up before it said anything.*: ${HINT}.*/Echo`),
    );
  });

  test("plain to a TLS server of Node's", async () => {
    const server = createTlsServer(authority.server);
    server.on("tlsClientError", () => {});
    expect((await told(`http://${await listening(server)}`)).details).toContain(HINT);
  });

  test("plain to a server that answers with a TLS alert, as Java's does", async () => {
    const server = answers((socket) => socket.end(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 70)));
    const { details } = await told(`http://${await listening(server)}`);
    expect(details).toContain("the server speaks TLS: connect with https://, or give tls");
  });

  test("plain to a server that resets before a word", async () => {
    const server = answers((socket) => socket.resetAndDestroy());
    const { details } = await told(`http://${await listening(server)}`);
    expect(details).toMatch(new RegExp(`the server hung up before it said anything( \\(read ECONNRESET\\))?: ${HINT}`));
  });

  test("TLS to a plain server", async () => {
    const server = new Server().add(service, { echo: (request) => request });
    const { address } = await server.listen("127.0.0.1:0");
    opened.push({ close: () => server.shutdown() });
    expect((await told(`https://${address}`)).details).toContain("the server does not speak TLS: connect with http://");
  });

  test("a server of HTTP/1", async () => {
    const server = answers((socket) => socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"));
    const { details } = await told(`http://${await listening(server)}`);
    expect(details).toContain(`the server speaks HTTP/1, not HTTP/2; it answered "HTTP/1.1 400 Bad Request"`);
  });

  test("over TLS nobody is told to use TLS", async () => {
    const server = createTlsServer({ ...authority.server, ALPNProtocols: ["h2"] }, (socket) => {
      socket.on("error", () => {}).once("data", () => socket.destroy());
    });
    const { details } = await told(`https://${await listening(server)}`, {}, { tls: { ca: authority.ca } });
    expect(details).toContain("hung up before it said anything");
    expect(details).not.toContain("TLS");
  });
});

describe("a deadline says what was waited for", () => {
  test("a connection, and why the last one failed", async () => {
    const server = answers(() => {});
    const address = await listening(server);
    server.close();
    const channel = connect(`http://${address}`);
    opened.push(channel);
    // Its connection was refused: the next call waits for another one.
    expect(await toldOver(channel)).toMatchObject({ code: status.UNAVAILABLE });
    const { message } = await toldOver(channel, { timeoutMs: 50, waitForReady: true });
    expect(message).toMatch(
      /deadline exceeded after \d+ ms, waiting for a connection to 127\.0\.0\.1:\d+ \(the last attempt: .*ECONNREFUSED.*\/Echo/,
    );
  });

  test("the answer", async () => {
    const server = new Server().add(service, { echo: () => new Promise<never>(() => {}) as never });
    const { address } = await server.listen("127.0.0.1:0");
    opened.push({ close: () => server.shutdown({ graceMs: 0 }) });
    expect((await told(`http://${address}`, { timeoutMs: 200 })).details).toMatch(
      new RegExp(`deadline exceeded after \\d+ ms, waiting for the response of ${address}`),
    );
  });
});

test.each([undefined, null, 7, {}])("connect(%j) names what was given and what is expected", (target) => {
  expect(() => connect(target as unknown as string)).toThrow(TypeError);
  expect(() => connect(target as unknown as string)).toThrow(/cannot connect to .*; expected http:\/\/host:port/);
});
