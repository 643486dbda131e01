import { expect, onTestFinished, test } from "vitest";
import { grpcJsTransport } from "../../src/runtime/grpc-js.js";
import { connect, Server } from "../../src/runtime/index.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const supported =
  process.platform === "linux" && (major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12));

function serve(name: string): Server {
  const server = new Server().add(TrialService, withDefaults({ greet: () => ({ value: name }) }));
  onTestFinished(() => server.shutdown());
  return server;
}

test.runIf(supported)("two servers share a port, and both get connections", async () => {
  const { port } = await serve("one").listen("127.0.0.1:0", { reusePort: true });
  expect((await serve("two").listen(`127.0.0.1:${port}`, { reusePort: true })).port).toBe(port);
  const seen = new Set<string>();
  // The kernel spreads by a hash of the ports: a hundred connections to one of two are as good as impossible.
  for (let i = 0; i < 100 && seen.size < 2; i++) {
    await using channel = connect(`http://127.0.0.1:${port}`);
    seen.add((await new TrialClient(channel).greet({ value: "" })).value);
  }
  expect([...seen].sort()).toEqual(["one", "two"]);
  await expect(serve("three").listen(`127.0.0.1:${port}`)).rejects.toThrow("EADDRINUSE");
});

test.runIf(!supported && major < 23)("where Node has it not, it is refused (P17)", async () => {
  await expect(serve("one").listen("127.0.0.1:0", { reusePort: true })).rejects.toThrow(
    `reusePort needs Node 22.12 or 23.1, and this is ${process.versions.node}: use node:cluster instead`,
  );
});

test("a socket of the file system has no port, and grpc-js has no such option (P17)", async () => {
  await expect(serve("one").listen("unix:/nowhere/socket", { reusePort: true })).rejects.toThrow("it has no port");
  const over = new Server({ transport: grpcJsTransport() }).add(TrialService, withDefaults({}));
  onTestFinished(() => over.shutdown());
  await expect(over.listen("127.0.0.1:0", { reusePort: true })).rejects.toThrow("takes no reusePort");
});
