import { beforeAll, expect } from "vitest";
import {
  type CallCredentials,
  type CallOptions,
  type CredentialsRequest,
  RpcError,
  status,
  withCredentials,
} from "../../src/runtime/index.js";
import { type Authority, certificates } from "../support/certificates.js";
import { contract, readAll, rejection } from "./harness/harness.js";
import type { TrialClient, TrialHandlers } from "./harness/trial-service.js";

let authority: Authority;
beforeAll(async () => {
  authority = await certificates();
});

const tokenOf = (call: { metadata: { get(key: string): unknown[] } }): string =>
  call.metadata.get("authorization").join();

/** Answers with the token that came. */
const tokens: Partial<TrialHandlers> = {
  greet: (_, call) => ({ value: tokenOf(call) }),
  download: async (_, call) => [{ value: Buffer.from(tokenOf(call)) }],
  upload: async (call) => ({ value: tokenOf(call).length }),
  async *chat(call) {
    yield { value: tokenOf(call) };
  },
};

/** A call of each kind: the token that its handler saw. */
async function seen(client: TrialClient, options: CallOptions): Promise<unknown[]> {
  return [
    (await client.greet({ value: "" }, options)).value,
    Buffer.from((await client.download({ value: 0 }, options).recv())?.value ?? []).toString(),
    (await client.upload(options).closeAndRecv()).value,
    (await client.chat(options).recv())?.value,
  ];
}

contract("credentials", (keeps) => {
  keeps(
    "credentials: calls of every kind carry them over TLS, each asked for anew",
    async ({ startTls }) => {
      const client = await startTls(tokens, { server: authority.server, client: { ca: authority.ca } });
      const asked: CredentialsRequest[] = [];
      const credentials: CallCredentials = async (request) => {
        await new Promise((resolve) => setImmediate(resolve));
        asked.push(request);
        return { authorization: "Bearer t" };
      };
      expect(await seen(client, { credentials })).toEqual(["Bearer t", "Bearer t", 8, "Bearer t"]);
      expect(asked.map(({ method }) => method.kind)).toEqual([
        "unary",
        "server_streaming",
        "client_streaming",
        "bidi_streaming",
      ]);
      for (const one of asked) {
        expect(one.authority).toMatch(/^127\.0\.0\.1:\d+$/);
        expect(one.signal).toBeInstanceOf(AbortSignal);
      }
    },
    "port",
  );

  keeps(
    "credentials: in plain text they are not sent, and not asked for, unless that is wanted",
    async ({ start }) => {
      const { client } = await start(tokens);
      let asked = 0;
      const credentials: CallCredentials = () => {
        asked++;
        return { authorization: "Bearer t" };
      };
      const { code, details } = await rejection(client.greet({ value: "" }, { credentials }));
      expect([code, asked]).toEqual([status.UNAUTHENTICATED, 0]);
      expect(details).toContain("plain text");
      const interceptors = [withCredentials(credentials, { overPlainText: true })];
      expect(await seen(client, { interceptors })).toEqual(["Bearer t", "Bearer t", 8, "Bearer t"]);
    },
    "port",
  );

  keeps("credentials: what they throw is the call's status, and the server hears nothing", async ({ start }) => {
    let served = 0;
    const count = async (): Promise<never> => {
      served++;
      throw new RpcError(status.INTERNAL, "no");
    };
    const { client } = await start({ greet: count, chat: count });
    const failures: [unknown, status][] = [
      [new Error("the token has expired"), status.UNAUTHENTICATED],
      [Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), status.UNAVAILABLE],
      [new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ENOTFOUND" }) }), status.UNAVAILABLE],
      [new RpcError(status.PERMISSION_DENIED, "not you"), status.PERMISSION_DENIED],
    ];
    for (const [thrown, code] of failures) {
      const interceptors = [withCredentials(() => Promise.reject(thrown), { overPlainText: true })];
      expect((await rejection(client.greet({ value: "" }, { interceptors }))).code).toBe(code);
      expect((await readAll(client.chat({ interceptors }))).error?.code).toBe(code);
    }
    expect(served).toBe(0);
  });
});
