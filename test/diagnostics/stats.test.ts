import { expect, test } from "vitest";
import { inProcess } from "../../src/runtime/in-process.js";
import { connect, Server } from "../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

const handlers = withDefaults({
  greet: (request) => request,
  download: async (_, call) => {
    call.sendHeader();
    await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
  },
});

test.each(["listening", "in process"])("a server and its channel tell what is open: %s", async (how) => {
  const server = new Server().add(TrialService, handlers);
  const address = how === "listening" ? (await server.listen("127.0.0.1:0")).address : "";
  const channel =
    how === "listening"
      ? connect(`http://${address}`, { interceptors: [(_, next) => next().then(() => {})] })
      : inProcess(server);
  const client = new TrialClient(channel);
  expect(channel.stats?.()).toMatchObject({ openCalls: 0, connections: [], calls: { started: 0 } });
  await client.greet({ value: "" });
  const open = client.download({ value: 1 });
  expect((await open.header) !== undefined).toBe(true);
  for (const stats of [channel.stats?.(), server.stats()]) {
    expect(stats).toMatchObject({
      openCalls: 1,
      waitingCalls: 0,
      queuedBytes: 0,
      calls: { started: 2, succeeded: 1, failed: 0 },
      connections: [{ state: "ready", openCalls: 1, calls: { started: 2, succeeded: 1, failed: 0 } }],
    });
  }
  if (how === "listening") expect(channel.stats?.().connections[0]?.peer).toBe(address);
  open.cancel();
  await open.status;
  await channel.close();
  await server.shutdown();
  const after = { openCalls: 0, connections: [], calls: { started: 2, succeeded: 1, failed: 1 } };
  expect(channel.stats?.()).toMatchObject(after);
  expect(server.stats()).toMatchObject(after);
});

test("calls that wait for a connection are counted", async () => {
  const channel = connect("http://127.0.0.1:1", { connectTimeoutMs: 60_000 });
  const call = new TrialClient(channel).download({ value: 1 }, { waitForReady: true });
  expect(channel.stats?.()).toMatchObject({ openCalls: 1, waitingCalls: 1 });
  call.cancel();
  await call.status;
  await channel.close();
});

test("what a reader does not take waits, and is counted in bytes", async () => {
  const server = new Server().add(
    TrialService,
    withDefaults({
      async download(_, call) {
        const message = { value: new Uint8Array(64 * 1024) };
        for (let i = 0; i < 64 && !call.signal.aborted; i++)
          if (!(await Promise.race([call.send(message), stopped]))) break;
      },
    }),
  );
  let stop = (): void => {};
  const stopped = new Promise<boolean>((resolve) => {
    stop = () => resolve(false);
  });
  const channel = inProcess(server);
  const call = new TrialClient(channel).download({ value: 1 });
  await call.header;
  for (let tries = 0; server.stats().queuedBytes === 0 && tries < 1000; tries++)
    await new Promise((done) => setImmediate(done));
  expect(server.stats().queuedBytes).toBeGreaterThan(0);
  stop();
  call.cancel();
  await channel.close();
  await server.shutdown();
});
