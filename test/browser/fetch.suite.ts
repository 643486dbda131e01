import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { type ListenAddress, RpcError, Server, status } from "../../src/runtime/index.js";
import { webDoors } from "../../src/runtime/web-server.js";
import { settled } from "../contract/harness/settled.js";
import { TrialService } from "../contract/harness/trial-service.js";
import { certificates } from "../support/certificates.js";
import { chromiumPath, launchChromium, NO_CHROMIUM } from "./harness/browsers.js";
import { Gate } from "./harness/gate.js";
import { type OpenPage, openPage } from "./harness/open-page.js";
import { bundlePage, type PageServer, servePages } from "./harness/page-server.js";

const chromium = chromiumPath();
if (chromium === undefined) console.log(NO_CHROMIUM);

/** A message of 1 KiB that says its number. */
function kib(number: number): Uint8Array {
  const bytes = new Uint8Array(1024);
  new DataView(bytes.buffer).setInt32(0, number);
  return bytes;
}

const doors = [
  ["Connect, HTTP/1.1", "connect", "plain"],
  ["gRPC-Web, HTTP/1.1", "grpc-web", "plain"],
  ["Connect, HTTP/2 over TLS", "connect", "tls"],
  ["gRPC-Web, HTTP/2 over TLS", "grpc-web", "tls"],
] as const;

describe.skipIf(chromium === undefined)("a page in Chromium, over fetchChannel, from another origin", () => {
  let browser: Browser;
  let script: string;
  let pages: PageServer;
  let server: Server;
  let listens: Record<"plain" | "tls", ListenAddress>;
  /** Messages that handlers handed over. */
  let sent = 0;
  /** Resolves when a handler's signal aborts. */
  let aborted = new Deferred<void>();

  beforeAll(async () => {
    [browser, script] = await Promise.all([launchChromium(chromium!), bundlePage("fetch.ts")]);
    pages = await servePages();
    server = new Server().add(TrialService, {
      greet({ value }, call) {
        if (value !== "") return { value: `hello ${value}` };
        const error = new RpcError(status.INVALID_ARGUMENT, "wer?");
        error.metadata.set("why", "no name");
        call.trailer.set("x-not-exposed", "1");
        throw error;
      },
      async download({ value }, call) {
        call.signal.addEventListener("abort", () => aborted.resolve());
        // As many as asked for; below zero they begin there and have no end.
        for (let i = value < 0 ? -1 - value : 0; i !== value; i++) {
          if (!(await call.send({ value: kib(i) }))) return;
          sent++;
        }
      },
      async upload(call) {
        let bytes = 0;
        for await (const message of call) bytes += message.value.length;
        await call.sendAndClose({ value: bytes });
      },
      async chat(call) {
        for await (const message of call) await call.send(message);
      },
    });
    const web = webDoors({ origins: [`http://127.0.0.1:${pages.port}`], exposeHeaders: ["why"] });
    const { server: tls } = await certificates();
    listens = {
      plain: await server.listen("127.0.0.1:0", { web }),
      tls: await server.listen("127.0.0.1:0", { web, tls }),
    };
  });

  afterAll(async () => {
    await browser?.close();
    await server?.shutdown();
    await pages?.close();
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  /** Where a page is that calls this door. */
  function urlOf(protocol: string, door: "plain" | "tls", port = listens[door].port): string {
    const url = `${door === "tls" ? "https" : "http"}://127.0.0.1:${port}`;
    return `${pages.pageOf(script)}?${new URLSearchParams({ server: url, protocol })}`;
  }

  async function open(protocol: string, door: "plain" | "tls", port?: number): Promise<OpenPage> {
    aborted = new Deferred<void>();
    return openPage(browser, urlOf(protocol, door, port), { ignoreHTTPSErrors: true });
  }

  describe.each(doors)("%s", (_, protocol, door) => {
    test("a message, a stream, an error with its metadata, a deadline", async () => {
      const page = await open(protocol, door);
      expect(await page.run("greet", "page")).toBe("hello page");
      expect(await page.run("download", 10)).toEqual({ messages: 10, bytes: 10 * 1024 });
      expect(await page.run("endOf", "")).toBe("3 wer?");
      expect(await page.run("why")).toEqual(["no name"]);
      // Either end's timer may be the first.
      expect(await page.run("deadline")).toMatch(/^4 deadline exceeded/);
      await aborted.promise;
    });

    test("100,000 messages", async () => {
      const page = await open(protocol, door);
      expect(await page.run("download", 100_000)).toEqual({ messages: 100_000, bytes: 100_000 * 1024 });
    });

    test("a page that reads slowly stops the server: memory stays bounded on both sides, and nothing is lost", async () => {
      const page = await open(protocol, door);
      const before = await page.run<number>("heap");
      sent = 0;
      await page.run("readSome", 10, 200_000);
      await settled(
        () => sent,
        () => page.run("greet", "page"),
      );
      const stopped = sent;
      console.log(
        `sent while the page read 10 of 200,000: ${stopped} KiB; queued in the server: ${server.stats().queuedBytes} bytes`,
      );
      // Chromium takes 64 MiB of a body unasked, outside of the page's heap; some more lies in sockets.
      expect(stopped).toBeLessThan(128 * 1024);
      expect(server.stats().queuedBytes).toBeLessThan(1024 * 1024);
      expect((await page.run<number>("heap")) - before).toBeLessThan(16 * 1024 * 1024);
      expect(await page.run("readRest")).toBe(200_000 - 10);
    });

    test("leaving a loop, and closing the page, aborts the handler's signal", async () => {
      const page = await open(protocol, door);
      await page.run("breakOut");
      await aborted.promise;
      aborted = new Deferred<void>();
      await page.run("stay");
      await page.run("greet", "page");
      await page.page.close();
      await aborted.promise;
    });

    test("client streams: by a streamed body over HTTP/2, else refused with what can; both ways never", async () => {
      const page = await open(protocol, door);
      if (door === "tls") expect(await page.run("upload", 10, 100_000)).toBe(1_000_000);
      else expect(await page.run("uploadEnds")).toMatch(/^14 .*webSocketChannel/s);
      expect(await page.run("chatEnds")).toMatch(/^12 .*webSocketChannel/s);
    });
  });

  test("offline and back with resume: every message once, in order", async () => {
    const gate = await Gate.before(listens.plain.port);
    const page = await open("connect", "plain", gate.port);
    const context = page.page.context();
    const stops = [50, 30_000];
    const following = page.run<{ calls: number }>("follow", 60_000, stops);
    for (const at of stops) {
      await page.page.waitForFunction(`exposed.stoppedAt() === ${at}`);
      await context.setOffline(true);
      gate.shut();
      await page.run("goOn");
      gate.open();
      await context.setOffline(false);
    }
    expect(await following).toEqual({ messages: 60_000, inOrder: true, calls: expect.any(Number) });
    expect((await following).calls).toBeGreaterThan(2);
    await gate.close();
  });

  test("a page of an origin that is not named may not call", async () => {
    // The same page, by another name: to a browser that is another origin.
    const page = await openPage(browser, urlOf("connect", "plain").replace("127.0.0.1", "localhost"));
    expect(await page.run("endOf", "page")).toMatch(/^14 /);
  });
});
