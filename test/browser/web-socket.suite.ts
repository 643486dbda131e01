import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { Server } from "../../src/runtime/index.js";
import { attachWebSocket } from "../../src/runtime/web-socket-server.js";
import { TrialService } from "../contract/harness/trial-service.js";
import { chromiumPath, launchChromium, NO_CHROMIUM } from "./harness/browsers.js";
import { type OpenPage, openPage } from "./harness/open-page.js";
import { bundlePage, type PageServer, servePages } from "./harness/page-server.js";

const chromium = chromiumPath();
if (chromium === undefined) console.log(NO_CHROMIUM);

/** 1 KiB. */
const KIB = new Uint8Array(1024);

describe.skipIf(chromium === undefined)("a page in Chromium, over webSocketChannel", () => {
  let browser: Browser;
  let script: string;
  let pages: PageServer;
  let server: Server;
  /** Messages that handlers handed over. */
  let sent = 0;
  /** Resolves when a handler's signal aborts. */
  let aborted = new Deferred<void>();

  beforeAll(async () => {
    [browser, script] = await Promise.all([launchChromium(chromium!), bundlePage("web-socket.ts")]);
    pages = await servePages();
    server = new Server().add(TrialService, {
      greet: ({ value }) => ({ value: `hello ${value}` }),
      async download({ value }, call) {
        call.signal.addEventListener("abort", () => aborted.resolve());
        for (let i = 0; i !== value; i++) {
          if (!(await call.send({ value: KIB }))) return;
          sent++;
        }
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
  });

  afterAll(async () => {
    await browser?.close();
    await server?.shutdown();
    await pages?.close();
  });

  async function open(): Promise<OpenPage> {
    sent = 0;
    aborted = new Deferred<void>();
    return openPage(browser, pages.pageOf(script));
  }

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  test("calls of all four kinds", async () => {
    const page = await open();
    expect(await page.run("greet", "page")).toBe("hello page");
    expect(await page.run("download", 10)).toEqual({ messages: 10, bytes: 10 * 1024 });
    expect(await page.run("upload", 10, 100_000)).toBe(1_000_000);
    expect(await page.run("chat", 3)).toEqual({
      answers: ["you said message 0", "you said message 1", "you said message 2"],
    });
    expect(page.complaints).toEqual([]);
  });

  test("100,000 messages", async () => {
    const page = await open();
    expect(await page.run("download", 100_000)).toEqual({ messages: 100_000, bytes: 100_000 * 1024 });
    expect(await page.run("upload", 100_000, 100)).toBe(10_000_000);
  });
});
