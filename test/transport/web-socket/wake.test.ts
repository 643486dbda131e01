import { afterEach, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { Deferred } from "../../../src/runtime/core/deferred.js";
import { status } from "../../../src/runtime/index.js";
import { connectAnywhere } from "../../../src/runtime/transport/web-socket/client/anywhere.js";
import { attachWebSocket } from "../../../src/runtime/web-socket-server.js";
import { rejection } from "../../contract/harness/harness.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { calling, listening, serving, until } from "./support.js";

/** What a page has: Node has no `online`. */
const page = Object.assign(new EventTarget(), { visibilityState: "visible" });

afterEach(() => {
  for (const name of ["addEventListener", "removeEventListener", "document"]) Reflect.deleteProperty(globalThis, name);
});

function asInAPage(): void {
  Object.assign(globalThis, {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
    document: page,
  });
}

/** A WebSocket whose network is gone without a word: nothing comes any more. */
function frozenSockets(): { webSocket: typeof WebSocket; freeze(): void } {
  const sockets: WebSocket[] = [];
  const webSocket = class extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  } as typeof WebSocket; // with the constructor that is used
  return { webSocket, freeze: () => sockets.forEach((socket) => void socket.pause()) };
}

test.each(["online", "visibilitychange"])("%s ends the wait between attempts to connect", async (event) => {
  asInAPage();
  const { web, port } = await listening();
  const attempts: unknown[] = [];
  web.on("upgrade", (_request, socket) => {
    attempts.push(socket);
    if (attempts.length === 1) socket.destroy();
  });
  const options = { initialBackoffMs: 3_600_000, maxBackoffMs: 3_600_000, webSocket: WebSocket };
  const channel = connectAnywhere(`ws://127.0.0.1:${port}/grpc`, options);
  onTestFinished(() => channel.close());
  const ended = rejection(new TrialClient(channel).greet({ value: "" }, { waitForReady: true }));
  await until(() => channel.state === "transient_failure");
  page.dispatchEvent(new Event(event));
  await until(() => attempts.length === 2);
  await channel.close();
  expect((await ended).code).toBe(status.CANCELLED);
  // A channel that is closed hears nothing more.
  page.dispatchEvent(new Event(event));
  expect(channel.state).toBe("shutdown");
});

test("a connection that is dead is found when the page wakes, long before the keepalive would", async () => {
  const { web, port } = await listening();
  const begun = new Deferred<void>();
  const server = serving({
    async download(_, call) {
      begun.resolve();
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
    },
  });
  attachWebSocket(web, server);
  const { webSocket, freeze } = frozenSockets();
  const channel = connectAnywhere(`ws://127.0.0.1:${port}/grpc`, { webSocket, keepaliveTimeoutMs: 50 });
  onTestFinished(() => channel.close());
  const reader = new TrialClient(channel).download({ value: 1 });
  await begun.promise;
  freeze();
  channel.wake(0);
  const error = await rejection(reader.recv());
  expect([error.code, error.details]).toEqual([status.UNAVAILABLE, "the server does not answer keepalive pings"]);
});

test("a connection that is well lives on", async () => {
  asInAPage();
  const { web, port } = await listening();
  attachWebSocket(web, serving({ greet: ({ value }) => ({ value }) }));
  const client = calling(`ws://127.0.0.1:${port}/grpc`, { keepaliveTimeoutMs: 50 });
  await client.greet({ value: "before" });
  page.dispatchEvent(new Event("online"));
  expect((await client.greet({ value: "after" })).value).toBe("after");
});
