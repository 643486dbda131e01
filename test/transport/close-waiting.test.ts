import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type Channel, type ConnectOptions, connect, Server, status } from "../../src/runtime/index.js";
import { until } from "../channel/support/until.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";
import { freePort } from "../support/free-port.js";

/** Longer than a test may take: who waits for its end fails. */
const GRACE = { graceMs: 600_000 };
const SLOW: ConnectOptions = { initialBackoffMs: 300_000, maxBackoffMs: 300_000 };
const CLOSED = { code: status.UNAVAILABLE, details: "the channel is closed" };

/** A call that is content to wait. */
function waiting(channel: Channel): Promise<unknown> {
  onTestFinished(() => channel.close());
  return new TrialClient(channel).greet({ value: "" }, { waitForReady: true }).catch((error: unknown) => error);
}

const channels: Record<string, (port: number) => Channel> = {
  "one address": (port) => connect(`http://127.0.0.1:${port}`, SLOW),
  pick_first: (port) => connect([`http://127.0.0.1:${port}`, `http://127.0.0.2:${port}`], SLOW),
  round_robin: (port) =>
    connect([`http://127.0.0.1:${port}`, `http://127.0.0.2:${port}`], { ...SLOW, loadBalancing: "round_robin" }),
  "a name that is not found": () =>
    connect("test:///nowhere", {
      ...SLOW,
      resolver: (_, listener) => {
        listener.onError("there is no such name");
        return { close() {} };
      },
    }),
};

test.each(Object.entries(channels))(
  "P13 %s: a call that waits in vain ends when the channel is closed, not after the grace",
  async (_, open) => {
    const channel = open(await freePort());
    const call = waiting(channel);
    await until(() => channel.state === "transient_failure");
    await channel.close(GRACE);
    expect(await call).toMatchObject(CLOSED);
    expect(channel.stats?.().calls).toMatchObject({ started: 1, failed: 1 });
  },
);

test("P13 pick_first: so does one whose server fails meanwhile, as no further one is tried", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const channel = connect([`http://127.0.0.1:${port}`, `http://127.0.0.2:${await freePort()}`], SLOW);
  const call = waiting(channel);
  await until(() => sockets.length > 0);
  const closed = channel.close(GRACE);
  for (const socket of sockets) socket.destroy();
  await closed;
  expect(await call).toMatchObject({ code: status.UNAVAILABLE });
});

test("P13 a call goes on to a connection that was being opened when the channel was closed", async () => {
  const server = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
  onTestFinished(() => server.shutdown());
  const { port } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://127.0.0.1:${port}`);
  const call = waiting(channel);
  await channel.close(GRACE);
  expect(await call).toMatchObject({ value: "" });
});
