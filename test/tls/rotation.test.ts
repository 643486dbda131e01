import { afterEach, beforeAll, expect, test } from "vitest";
import { grpcJsTransport } from "../../src/runtime/grpc-js.js";
import { type Channel, connect, Server, type ServerCall } from "../../src/runtime/index.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { type Authority, certificates, type Pair } from "../support/certificates.js";

const ROTATIONS = 10;
let authority: Authority;
/** Ten certificates with the serial numbers 0a, 0b and so on. */
let pairs: Pair[];
beforeAll(async () => {
  authority = await certificates();
  pairs = await Promise.all(Array.from({ length: ROTATIONS }, (_, at) => authority.sign(serial(at), "rotated")));
});

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const serial = (at: number): string => (at + 10).toString(16).padStart(2, "0");
const serialOf = (pem: { serialNumber: string } | undefined): string | undefined => pem?.serialNumber.toLowerCase();

async function serve(handlers: Partial<TrialHandlers>, tls: object): Promise<{ server: Server; port: number }> {
  const server = new Server().add(TrialService, withDefaults(handlers));
  ends.push(() => server.shutdown());
  const { port } = await server.listen("127.0.0.1:0", { tls });
  return { server, port };
}

function client(port: number, options: Parameters<typeof connect>[1]): { channel: Channel; trial: TrialClient } {
  const channel = connect(`https://127.0.0.1:${port}`, options);
  ends.push(() => channel.close());
  return { channel, trial: new TrialClient(channel) };
}

const echo: TrialHandlers["chat"] = async function* (call) {
  for await (const note of call) yield note;
};

test("ten rotations of the server's certificate under load: nothing is lost, and each new connection sees the new one", async () => {
  const { ca } = authority;
  const { server, port } = await serve({ greet: (request) => request, chat: echo }, authority.server);
  const old = client(port, { tls: { ca } });
  await using open = old.trial.chat();
  await open.send({ value: "before" });
  expect((await open.recv())?.value).toBe("before");
  expect(serialOf(open.connection?.tls?.certificate)).toBe("02");

  let rotating = true;
  let calls = 0;
  const load = async (fresh: boolean): Promise<void> => {
    while (rotating) {
      const { trial, channel } = fresh ? client(port, { tls: { ca } }) : old;
      const value = String(calls++);
      expect((await trial.greet({ value })).value).toBe(value);
      if (fresh) await channel.close();
    }
  };
  const loads = [load(false), load(false), load(false), load(true), load(true)];
  for (let at = 0; at < ROTATIONS; at++) {
    server.setTls(pairs[at]!);
    const { trial } = client(port, { tls: { ca } });
    await using chat = trial.chat();
    await chat.send({ value: "new" });
    expect((await chat.recv())?.value).toBe("new");
    expect(serialOf(chat.connection?.tls?.certificate)).toBe(serial(at));
  }
  rotating = false;
  await Promise.all(loads); // none of them failed
  expect(calls).toBeGreaterThan(ROTATIONS);

  await open.send({ value: "after" });
  expect((await open.recv())?.value).toBe("after");
  expect(serialOf(open.connection?.tls?.certificate)).toBe("02");
});

test("a certificate that is none leaves all as it was, and so does a key of another", async () => {
  const { server, port } = await serve({ greet: (request) => request }, authority.server);
  expect(() => server.setTls({ cert: "no certificate" })).toThrow();
  expect(() => server.setTls({ cert: pairs[0]!.cert })).toThrow(); // with the key of the first
  const { trial } = client(port, { tls: { ca: authority.ca } });
  expect((await trial.greet({ value: "still there" })).value).toBe("still there");
});

test("what setTls does not name stays: clients are asked for their certificates as before", async () => {
  const { ca } = authority;
  const greet = (_: unknown, call: ServerCall) => ({ value: call.connection.tls?.certificate?.subject ?? "nobody" });
  const { server, port } = await serve({ greet }, { ...authority.server, ca, requestCert: true });
  server.setTls(pairs[0]!);
  const { trial } = client(port, { tls: { ca, ...authority.client } });
  expect((await trial.greet({ value: "" })).value).toBe("CN=client");
  const { trial: unknown } = client(port, { tls: { ca } });
  await expect(unknown.greet({ value: "" }, { timeoutMs: 5_000 })).rejects.toThrow("UNAVAILABLE");
});

test("setTls throws where it would do nothing", async () => {
  expect(() => new Server().setTls({})).toThrow("does not listen");
  const plain = new Server().add(TrialService, withDefaults({}));
  ends.push(() => plain.shutdown());
  await plain.listen("127.0.0.1:0");
  expect(() => plain.setTls(authority.server)).toThrow("no address with TLS");
  const { server } = await serve({}, authority.server);
  expect(() => server.setTls({ requestCert: true } as object)).toThrow(TypeError);
  const foreign = new Server({ transport: grpcJsTransport() }).add(TrialService, withDefaults({}));
  ends.push(() => foreign.shutdown());
  await foreign.listen("127.0.0.1:0", { tls: authority.server });
  expect(() => foreign.setTls(authority.server)).toThrow(TypeError);
});

test("ten rotations of a client's certificate: open calls go on, each new connection shows the new one", async () => {
  const { ca } = authority;
  const chat: TrialHandlers["chat"] = async function* (call) {
    for await (const _ of call) yield { value: serialOf(call.connection.tls?.certificate) ?? "" };
  };
  const { port } = await serve({ chat }, { ...authority.server, ca, requestCert: true });
  let shown: Pair = authority.client;
  const { trial } = client(port, { tls: () => ({ ca, ...shown }), maxStreamsPerConnection: 1 });
  const open = [];
  for (let at = 0; at < ROTATIONS; at++) {
    shown = pairs[at]!;
    const call = trial.chat(); // the connections there are have no room for another
    open.push(call);
    await call.send({ value: "" });
    expect((await call.recv())?.value).toBe(serial(at));
  }
  for (const [at, call] of open.entries()) {
    await call.send({ value: "" });
    expect((await call.recv())?.value).toBe(serial(at));
    call.cancel();
  }
});
