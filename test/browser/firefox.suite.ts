import { afterAll, describe, expect, test } from "vitest";
import { Server } from "../../src/runtime/index.js";
import { attachWebSocket } from "../../src/runtime/web-socket-server.js";
import { TrialService } from "../contract/harness/trial-service.js";
import { bundleContract, type KeptTest } from "./harness/contract-page.js";
import { attachCoupler } from "./harness/coupler.js";
import { firefoxPath, NO_FIREFOX, openFirefox } from "./harness/firefox.js";
import { bundlePage, servePages } from "./harness/page-server.js";
import { RemotePage } from "./harness/remote-page.js";

const firefox = firefoxPath();
if (firefox === undefined) console.log(NO_FIREFOX);

describe.skipIf(firefox === undefined)("a page in Firefox", async () => {
  if (firefox === undefined) return;
  const { script } = await bundleContract();
  const contract = new RemotePage();
  const contractPages = await servePages(contract);
  attachCoupler(contractPages.web);
  const closeContract = await openFirefox(firefox, contractPages.pageOf(script));
  await contract.opened();
  const kept = await contract.run<KeptTest[]>("list");

  afterAll(async () => {
    await closeContract();
    await contractPages.close();
  });

  describe("the contract", () => {
    for (const { index, title, fails } of kept) {
      const declare = fails ? test.fails : test;
      declare(title, { timeout: 60_000 }, () => contract.run("run", index));
    }
  });

  test("calls of all four kinds to our server, and 100,000 messages", async () => {
    const remote = new RemotePage();
    const pages = await servePages(remote);
    const server = new Server().add(TrialService, {
      greet: ({ value }) => ({ value: `hello ${value}` }),
      async download({ value }, call) {
        for (let i = 0; i < value; i++) await call.send({ value: new Uint8Array(1024) });
      },
      async upload(call) {
        let bytes = 0;
        for await (const { value } of call) bytes += value.length;
        await call.sendAndClose({ value: bytes });
      },
      async chat(call) {
        for await (const { value } of call) await call.send({ value: `you said ${value}` });
      },
    });
    attachWebSocket(pages.web, server);
    const close = await openFirefox(firefox, pages.pageOf(await bundlePage("web-socket.ts")));
    try {
      await remote.opened();
      expect(await remote.run("greet", "page")).toBe("hello page");
      expect(await remote.run("upload", 10, 100_000)).toBe(1_000_000);
      expect(await remote.run("chat", 1)).toEqual({ answers: ["you said message 0"] });
      expect(await remote.run("download", 100_000)).toEqual({ messages: 100_000, bytes: 100_000 * 1024 });
    } finally {
      await close();
      await server.shutdown();
      await pages.close();
    }
  });
});
