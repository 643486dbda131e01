import { Socket } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect, Server } from "../../src/runtime/index.js";
import { nodeCompressor } from "../../src/runtime/platform/node/compressor.js";
import { nodeEnvironment } from "../../src/runtime/platform/node/environment.js";
import { resolveChannelOptions } from "../../src/runtime/transport/grpc-h2/client/channel-options.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

describe("what keeps load balancers from forgetting a connection", () => {
  test("pings after 330 s of an open call, and TCP's own keepalive after 200 s", async () => {
    const server = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
    const { port } = await server.listen("127.0.0.1:0");
    onTestFinished(() => server.shutdown());
    const asked = vi.spyOn(Socket.prototype, "setKeepAlive");
    onTestFinished(() => asked.mockRestore());
    const channel = connect(`http://127.0.0.1:${port}`);
    onTestFinished(() => channel.close());
    await new TrialClient(channel).greet({ value: "a" });
    expect(asked.mock.calls).toContainEqual([true, 200_000]);
    expect(resolveChannelOptions({}, { environment: nodeEnvironment, compressor: nodeCompressor })).toMatchObject({
      keepaliveTimeMs: 330_000,
    });
  });
});
