import { expect, test } from "vitest";
import { connect, Server } from "../../src/runtime/index.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";

test("a missing handler is told when the service is added, by its name and path", () => {
  const { chat: _, ...rest } = withDefaults({});
  expect(() => new Server().add(TrialService, rest as TrialHandlers)).toThrow(
    'the handlers of contract.v1.Trial lack the method "chat" (/contract.v1.Trial/Chat)',
  );
});

test("a method can be served once", () => {
  const server = new Server().add(TrialService, withDefaults({}));
  expect(() => server.add(TrialService, withDefaults({}))).toThrow("/contract.v1.Trial/Greet is served already");
});

test("services are added before the server listens; a server that was shut down stays so", async () => {
  const server = new Server();
  await server.listen("127.0.0.1:0");
  expect(() => server.add(TrialService, withDefaults({}))).toThrow("before listen");
  await server.shutdown();
  await server.shutdown();
  await expect(server.listen("127.0.0.1:0")).rejects.toThrow("was shut down");
});

test("a port of all interfaces has an address that a client can connect to", async () => {
  await using server = new Server().add(TrialService, withDefaults({ greet: ({ value }) => ({ value }) }));
  const { address, port } = await server.listen(":0");
  expect(["[::]", "0.0.0.0"].map((all) => `${all}:${port}`)).toContain(address);
  await using channel = connect(`http://${address}`);
  expect(await new TrialClient(channel).greet({ value: "a" })).toMatchObject({ value: "a" });
});

test("an address that is taken is a rejection", async () => {
  await using first = new Server();
  const { port } = await first.listen("127.0.0.1:0");
  await using second = new Server();
  await expect(second.listen(`127.0.0.1:${port}`)).rejects.toThrow(/EADDRINUSE|address already in use/i);
});

test.each([
  ["127.0.0.1:50051", "write http://127.0.0.1:50051 or https://127.0.0.1:50051"],
  ["localhost:50051", "write http://localhost:50051 or https://localhost:50051"],
  ["ftp://host:1", 'unknown scheme "ftp:"'],
  ["http://host:1/path", "a path, query or fragment has no meaning in gRPC"],
  ["http://user:pass@host:1", "user and password cannot be part of it"],
  ["unix:", "the path of the socket is missing"],
  ["", "it is no URL"],
])("connect(%j) says what is wrong", (target, reason) => {
  expect(() => connect(target)).toThrow(TypeError);
  expect(() => connect(target)).toThrow(reason);
});
