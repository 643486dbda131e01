import { expect, test } from "vitest";
import { inProcess } from "../../src/runtime/in-process.js";
import { type ClientInterceptor, RpcError, Server, type ServerInterceptor, status } from "../../src/runtime/index.js";
import { deadlineDefault, errorMapper, forMethods, logging, requireDeadline } from "../../src/runtime/interceptors.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";

async function serve(
  handlers: Partial<TrialHandlers>,
  server: readonly ServerInterceptor[],
  client: readonly ClientInterceptor[] = [],
) {
  const serving = new Server({ interceptors: server, onError: () => {} }).add(TrialService, withDefaults(handlers));
  const channel = inProcess(serving, { interceptors: client });
  return {
    client: new TrialClient(channel),
    async [Symbol.asyncDispose]() {
      await channel.close();
      await serving.shutdown();
    },
  };
}

test("deadlineDefault gives a deadline to calls without one, and to no other", async () => {
  const left: TrialHandlers["greet"] = (_, call) => ({ value: String(Math.ceil(call.timeoutMs() / 60_000)) });
  await using served = await serve({ greet: left }, [], [deadlineDefault(2 * 60_000)]);
  expect((await served.client.greet({ value: "" })).value).toBe("2");
  expect((await served.client.greet({ value: "" }, { timeoutMs: 9 * 60_000 })).value).toBe("9");
  expect(() => deadlineDefault(Number.NaN)).toThrow(TypeError);
});

test("requireDeadline refuses calls without one, but for those it excepts", async () => {
  const rule = requireDeadline({ except: ["/contract.v1.Trial/Chat"] });
  const handlers: Partial<TrialHandlers> = { greet: ({ value }) => ({ value }), chat: async () => [{ value: "hi" }] };
  await using served = await serve(handlers, [rule]);
  expect((await rejection(served.client.greet({ value: "" }))).code).toBe(status.INVALID_ARGUMENT);
  expect((await served.client.greet({ value: "a" }, { timeoutMs: 60_000 })).value).toBe("a");
  expect((await served.client.chat().recv())?.value).toBe("hi");
});

test("forMethods has an interceptor stand around some methods alone, on either side", async () => {
  const isGreet = ({ path }: { readonly path: string }): boolean => path.endsWith("/Greet");
  const seen: string[] = [];
  const onClient: ClientInterceptor = async (call, next) => {
    seen.push(`client ${call.method.path}`);
    await next();
  };
  const cached: ClientInterceptor = async () => ({ response: { value: "cached" } });
  const onServer: ServerInterceptor = async (call, next) => {
    seen.push(`server ${call.method.path}`);
    await next();
  };
  const handlers: Partial<TrialHandlers> = { greet: (request) => request, chat: async () => [{ value: "hi" }] };
  await using served = await serve(handlers, [forMethods(isGreet, onServer)], [forMethods(isGreet, onClient)]);
  expect((await served.client.greet({ value: "a" })).value).toBe("a");
  expect((await served.client.chat().recv())?.value).toBe("hi");
  expect(seen).toEqual(["client /contract.v1.Trial/Greet", "server /contract.v1.Trial/Greet"]);
  const interceptors = [forMethods(isGreet, cached)];
  expect((await served.client.greet({ value: "a" }, { interceptors })).value).toBe("cached");
  expect((await served.client.chat({ interceptors }).recv())?.value).toBe("hi");
});

test("errorMapper maps what is no RpcError, and leaves the rest", async () => {
  class NotFound extends Error {}
  const map = errorMapper((error) =>
    error instanceof NotFound ? new RpcError(status.NOT_FOUND, error.message) : undefined,
  );
  const thrown = [new NotFound("no row"), new Error("secret"), new RpcError(status.ABORTED, "as it is")];
  await using served = await serve({ greet: ({ value }) => Promise.reject(thrown[Number(value)]) }, [map]);
  const codes = await Promise.all(
    thrown.map(async (_, i) => (await rejection(served.client.greet({ value: `${i}` }))).code),
  );
  expect(codes).toEqual([status.NOT_FOUND, status.UNKNOWN, status.ABORTED]);
});

test("no peer can write a line of its own, nor make a secret be written", async () => {
  const lines: string[] = [];
  const keys = ["x-api-key", "X-Auth-Token", "set-cookie", "session-id", "x-amz-security-token", "x-id", "x-tokens"];
  const { server } = logging({ log: (line) => lines.push(line), metadata: keys });
  const hostile = `no\r\nserver /a.B/C OK\u2028next\u2029\u202e\u0007\u009b31m"`;
  const refuse: TrialHandlers["greet"] = () => {
    throw new RpcError(status.NOT_FOUND, hostile);
  };
  await using served = await serve({ greet: refuse }, [server]);
  const metadata: Record<string, string> = Object.fromEntries(keys.map((key) => [key, "s3cr3t"]));
  await rejection(
    served.client.greet(
      { value: "" },
      { metadata: { ...metadata, "x-id": '7 OK authorization=ok "', "x-tokens": "3" } },
    ),
  );
  expect(lines.length).toBe(1);
  const [line = ""] = lines;
  expect(line).not.toContain("s3cr3t");
  expect(line).toContain(' x-id="7 OK authorization=ok \\"" x-tokens=3 ');
  expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
});

test("a log that throws ends its call with one status, and no other", async () => {
  const broken = logging({
    log() {
      throw new Error("disk full");
    },
  });
  await using served = await serve({ greet: (request) => request }, [broken.server]);
  expect((await rejection(served.client.greet({ value: "" }))).code).toBe(status.UNKNOWN);
  await using logged = await serve({ greet: (request) => request }, [], [broken.client]);
  expect(await rejection(logged.client.greet({ value: "" }))).toMatchObject({
    code: status.INTERNAL,
    details: "an interceptor threw: disk full",
  });
});

test("logging writes one line a call on each side, redacted and escaped", async () => {
  const lines: string[] = [];
  const { client, server } = logging({ log: (line) => lines.push(line), metadata: ["authorization", "x-id", "x-bin"] });
  const greet: TrialHandlers["greet"] = ({ value }) => {
    if (value === "bad") throw new RpcError(status.NOT_FOUND, 'no\u001b[2J "such" place');
    return { value };
  };
  await using served = await serve({ greet }, [server], [client]);
  const metadata = { authorization: "Bearer t0k3n", "x-id": "7", "x-bin": new Uint8Array(3), "x-other": "o" };
  await served.client.greet({ value: "ok" }, { metadata });
  await rejection(served.client.greet({ value: "bad" }, { metadata }));
  const plain = lines.map((line) => line.replace(/\d+\.\d ms \S+/, "T ms P"));
  const said = "authorization=<redacted> x-id=7 x-bin=<3 bytes>";
  const failure = '"no\\u001b[2J \\"such\\" place"';
  expect(plain.toSorted()).toEqual([
    `client /contract.v1.Trial/Greet NOT_FOUND T ms P ${said} ${failure}`,
    `client /contract.v1.Trial/Greet OK T ms P ${said}`,
    `server /contract.v1.Trial/Greet NOT_FOUND T ms P ${said} ${failure}`,
    `server /contract.v1.Trial/Greet OK T ms P ${said}`,
  ]);
});
