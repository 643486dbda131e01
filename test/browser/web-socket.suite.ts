import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { Server } from "../../src/runtime/index.js";
import { attachWebSocket } from "../../src/runtime/web-socket-server.js";
import { settled } from "../contract/harness/settled.js";
import { TrialService } from "../contract/harness/trial-service.js";
import { chromiumPath, launchChromium, NO_CHROMIUM } from "./harness/browsers.js";
import { Gate } from "./harness/gate.js";
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

  test("a page that reads slowly stops the server: memory stays bounded on both sides, and nothing is lost", async () => {
    const page = await open();
    const before = await page.run<number>("heap");
    await page.run("readSome", 10);
    await settled(
      () => sent,
      () => page.run("greet", "page"),
    );
    // What may be on its way: the window of the page's stream, what the server queues, and what lies in sockets.
    expect(sent).toBeLessThan(8 * 1024);
    expect(server.stats().queuedBytes).toBeLessThan(1024 * 1024);
    expect((await page.run<number>("heap")) - before).toBeLessThan(8 * 1024 * 1024);
    const stopped = sent;
    await page.run("readSome", 10);
    await page.run("greet", "page");
    console.log(
      `sent while the page read 10 of 100,000: ${stopped} KiB; queued in the server: ${server.stats().queuedBytes} bytes`,
    );
    expect(await page.run("readRest")).toBe(100_000 - 20);
  });

  test("leaving a loop, and closing the page, aborts the handler's signal", async () => {
    const page = await open();
    await page.run("breakOut");
    await aborted.promise;
    aborted = new Deferred<void>();
    await page.run("stay");
    await page.run("greet", "page");
    await page.page.close();
    await aborted.promise;
  });

  test("a deadline ends a call", async () => {
    const page = await open();
    // Either end's timer may be the first.
    expect(await page.run("deadline")).toMatch(/^4 deadline exceeded/);
  });

  test("a page of another origin is told why it may not connect; so is one that finds nothing", async () => {
    // The same web server, by another name: to a browser that is another origin.
    const page = await openPage(browser, pages.pageOf(script).replace("127.0.0.1", "localhost"));
    const url = `ws://127.0.0.1:${pages.port}/grpc`;
    expect(await page.run("refused", url)).toBe(
      `14 cannot connect to ${url}: pages of http://localhost:${pages.port} may not connect: they are not of this host, ` +
        "and no origins are allowed (WebSocket close code 4403)",
    );
    expect(await page.run("refused", `ws://127.0.0.1:${pages.port}/nothing`)).toBe(
      `14 cannot connect to ws://127.0.0.1:${pages.port}/nothing: the connection was lost, or there is no WebSocket at this ` +
        "address (WebSocket close code 1006)",
    );
  });

  test("offline and back: calls end, the next waits, and goes out when the browser says that it is online", async () => {
    const gate = await Gate.before(pages.port);
    const page = await openPage(browser, pages.pageOf(script).replace(String(pages.port), String(gate.port)));
    const context = page.page.context();
    await page.run("greet", "page");
    const ended = page.run("downloadUntilItEnds");
    gate.shut();
    expect(await ended).toMatch(/^14 /);
    // The first attempt fails at once; the next would be in a minute.
    const waiting = page.run("greetWhenReady", "again");
    await page.page.waitForFunction("exposed.state() === 'transient_failure'");
    await context.setOffline(true);
    gate.open();
    await context.setOffline(false);
    expect(await waiting).toBe("hello again");
    await gate.close();
  });
});
