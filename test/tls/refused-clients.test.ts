import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect as connectTcp } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { type ConnectionEvent, type ConnectOptions, connect, Server, status } from "../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { type Authority, certificates } from "../support/certificates.js";

/** A server that asks for a certificate, and why it let clients not in. */
async function setUp(): Promise<{ authority: Authority; port: number; refusals: ConnectionEvent[]; calls(): number }> {
  const authority = await certificates();
  let calls = 0;
  const server = new Server().add(
    TrialService,
    withDefaults({
      greet() {
        calls++;
        return {};
      },
    }),
  );
  const { ca } = authority;
  const tls = { ...authority.server, ca, requestCert: true, rejectUnauthorized: true };
  const { port } = await server.listen("127.0.0.1:0", { tls });
  onTestFinished(() => server.shutdown({ graceMs: 0 }));
  const refusals: ConnectionEvent[] = [];
  const note = (message: unknown): void => {
    const event = message as ConnectionEvent; // as the runtime documents it
    if (event.side === "server" && event.reason?.includes("TLS") === true) refusals.push(event);
  };
  subscribe("gen-stubs:connection", note);
  onTestFinished(() => void unsubscribe("gen-stubs:connection", note));
  return { authority, port, refusals, calls: () => calls };
}

async function failure(port: number, tls: ConnectOptions["tls"]): Promise<{ code: status; details: string }> {
  const channel = connect(`https://127.0.0.1:${port}`, { tls });
  onTestFinished(() => channel.close());
  return new TrialClient(channel).greet({ value: "" }).then(
    () => ({ code: status.OK, details: "" }),
    (error: { code: status; details: string }) => error,
  );
}

test("a client without a certificate: UNAVAILABLE there, the reason here, and others are let in", async () => {
  const { authority, port, refusals, calls } = await setUp();
  const { ca, client } = authority;
  const { code, details } = await failure(port, { ca });
  expect(code).toBe(status.UNAVAILABLE);
  expect(details).toContain("certificate required");
  await vi.waitFor(() => expect(refusals).toHaveLength(1));
  expect(refusals[0]).toMatchObject({
    state: "closed",
    peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    reason: expect.stringMatching(/^the TLS handshake failed: .*did not return a certificate/),
  });
  expect(calls()).toBe(0);
  expect((await failure(port, { ca, ...client })).code).toBe(status.OK);
  expect(calls()).toBe(1);
  expect(refusals).toHaveLength(1);
});

test("a client with a stranger's certificate", async () => {
  const { authority, port, refusals, calls } = await setUp();
  const { client } = await certificates();
  const { code } = await failure(port, { ca: authority.ca, ...client });
  expect(code).toBe(status.UNAVAILABLE);
  await vi.waitFor(() => expect(refusals).toHaveLength(1));
  expect(refusals[0]?.reason).toMatch(
    /^the TLS handshake failed: the client's certificate is not trusted \([A-Z_]+\)$/,
  );
  expect(calls()).toBe(0);
});

test("a client that speaks no TLS", async () => {
  const { port, refusals } = await setUp();
  const socket = connectTcp(port, "127.0.0.1", () => void socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await vi.waitFor(() => expect(refusals).toHaveLength(1));
  expect(refusals[0]?.reason).toMatch(/^the TLS handshake failed: /);
});
