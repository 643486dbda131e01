import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { Deferred } from "../../../src/runtime/core/deferred.js";
import { connect } from "../../../src/runtime/index.js";
import { webDoors } from "../../../src/runtime/web-server.js";
import { webSocketEntry } from "../../../src/runtime/web-socket-server.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { type Authority, certificates } from "../../support/certificates.js";
import { calling, serving } from "./support.js";

describe("one port for gRPC and for WebSockets", () => {
  let pairs: Authority;
  beforeAll(async () => {
    pairs = await certificates();
  });

  const greet = ({ value }: { value: string }) => ({ value: `hello ${value}` });

  test("in plain text", async () => {
    const server = serving({ greet });
    const upgrade = { "/grpc": webSocketEntry(server).handleUpgrade };
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors({ upgrade }) });
    expect((await calling(`ws://127.0.0.1:${port}/grpc`).greet({ value: "page" })).value).toBe("hello page");
    await using channel = connect(`http://127.0.0.1:${port}`);
    expect((await new TrialClient(channel).greet({ value: "server" })).value).toBe("hello server");
  });

  test("over TLS", async () => {
    const server = serving({ greet });
    const upgrade = { "/grpc": webSocketEntry(server).handleUpgrade };
    const { port } = await server.listen("127.0.0.1:0", { tls: pairs.server, web: webDoors({ upgrade }) });
    const options: ClientOptions = { ca: pairs.ca };
    const webSocket = class extends WebSocket {
      constructor(url: string) {
        super(url, options);
      }
    };
    const client = calling(`wss://localhost:${port}/grpc`, { webSocket, credentials: () => ({ token: "secret" }) });
    expect((await client.greet({ value: "page" })).value).toBe("hello page");
    await using channel = connect(`https://localhost:${port}`, { tls: { ca: pairs.ca } });
    expect((await new TrialClient(channel).greet({ value: "server" })).value).toBe("hello server");
  });

  test("a shutdown lets the calls of pages finish, too", async () => {
    const [begun, go] = [new Deferred<void>(), new Deferred<void>()];
    const server = serving({
      async greet({ value }) {
        begun.resolve();
        await go.promise;
        return { value };
      },
    });
    const upgrade = { "/grpc": webSocketEntry(server).handleUpgrade };
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors({ upgrade }) });
    const answer = calling(`ws://127.0.0.1:${port}/grpc`).greet({ value: "still there" });
    await begun.promise;
    const down = server.shutdown({ graceMs: 10_000 });
    onTestFinished(() => down);
    const later = setTimeout(() => go.resolve(), 100);
    onTestFinished(() => clearTimeout(later));
    expect((await answer).value).toBe("still there");
    await down;
  });
});
