import { beforeAll, expect } from "vitest";
import { status } from "../../src/runtime/index.js";
import { certificates, type Pair } from "../support/certificates.js";
import { contract } from "./harness/harness.js";

let ca: string;
let server: Pair;
let client: Pair;
beforeAll(async () => {
  ({ ca, server, client } = await certificates());
});

const greeter = { greet: ({ value }: { value: string }) => ({ value: `hello ${value}` }) };

contract("TLS", (keeps) => {
  keeps(
    "TLS: a client that trusts the authority is served",
    async ({ startTls }) => {
      const trial = await startTls(greeter, { server, client: { ca } });
      expect((await trial.greet({ value: "Ada" })).value).toBe("hello Ada");
    },
    "port",
  );

  keeps(
    "TLS: a client that does not trust it gets UNAVAILABLE",
    async ({ startTls }) => {
      const trial = await startTls(greeter, { server, client: {} });
      await expect(trial.greet({ value: "" }, { timeoutMs: 3_000 })).rejects.toMatchObject({
        code: status.UNAVAILABLE,
      });
    },
    "port",
  );

  keeps(
    "TLS: a name the certificate does not carry is refused",
    async ({ startTls }) => {
      const trial = await startTls(greeter, { server, client: { ca, servername: "example.org" } });
      await expect(trial.greet({ value: "" }, { timeoutMs: 3_000 })).rejects.toMatchObject({
        code: status.UNAVAILABLE,
      });
    },
    "port",
  );

  keeps(
    "mTLS: a client with a certificate is served, and one without is not",
    async ({ startTls }) => {
      const mutual = { ...server, ca, requestCert: true };
      const known = await startTls(greeter, { server: mutual, client: { ca, ...client } });
      expect((await known.greet({ value: "Ada" })).value).toBe("hello Ada");
      const unknown = await startTls(greeter, { server: mutual, client: { ca } });
      await expect(unknown.greet({ value: "" }, { timeoutMs: 3_000 })).rejects.toMatchObject({
        code: status.UNAVAILABLE,
      });
    },
    "port",
  );
});
