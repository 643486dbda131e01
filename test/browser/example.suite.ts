import { mkdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page, Request } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { type Background, background, runOk } from "../support/shell.js";
import { chromiumPath, launchChromium, NO_CHROMIUM } from "./harness/browsers.js";

const chromium = chromiumPath();
if (chromium === undefined) console.log(NO_CHROMIUM);

/** Set it to a file's name, and the pictures of the docs are taken anew. */
const picture = process.env["GEN_STUBS_PICTURE"];

const folder = join(repository, "examples/dist");
let browser: Browser;

beforeAll(async () => {
  if (chromium === undefined) return;
  await runOk(["npm", "run", "examples:build"], { cwd: repository });
  browser = await launchChromium(chromium);
}, 300_000);

afterAll(() => browser?.close());

describe.skipIf(chromium === undefined)("examples/web in Chromium, as Vite has built it", () => {
  let server: Background;
  let url: string;

  async function serve(port = "0"): Promise<void> {
    server = background([process.execPath, "web/server.js", `127.0.0.1:${port}`], { cwd: folder });
    url = (await server.line).replace("listening on ", "");
  }

  beforeAll(() => serve());

  afterAll(async () => {
    await server?.stop("SIGKILL");
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  const complaints: string[] = [];

  async function open(): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1120, height: 680 } })).newPage();
    page.on("pageerror", (error) => complaints.push(String(error.stack)));
    await page.goto(url);
    await page.waitForSelector('#connection[data-state="ready"]');
    return page;
  }

  const numberOf = async (page: Page, id: string): Promise<number> =>
    Number(await page.locator(`#${id}`).textContent());
  const text = (page: Page, id: string): Promise<string | null> => page.locator(`#${id}`).textContent();

  test("readings come, slow motion stops the server, Stop ends the call, Start goes on behind the last", async () => {
    const page = await open();
    await page.waitForFunction("Number(document.getElementById('read').textContent) > 20");
    await page.locator("#slow").fill("1000");
    // The server goes on until what is on its way is full; then it stands while the page reads on.
    await page.waitForFunction("/the server has stopped/.test(document.getElementById('explain').textContent)");
    const ahead = (await numberOf(page, "sent")) - (await numberOf(page, "read"));
    expect(ahead).toBeGreaterThan(50);
    expect(ahead).toBeLessThan(500);
    await page.locator("#toggle").click();
    await page.waitForFunction("document.getElementById('explain').textContent === 'ended with CANCELLED'");
    const stopped = await numberOf(page, "read");
    await page.locator("#slow").fill("0");
    await page.locator("#toggle").click();
    await page.waitForFunction(`Number(document.getElementById('read').textContent) > ${stopped + 20}`);
    expect(complaints).toEqual([]);
  });

  test("what one says, the other reads", async () => {
    const [ada, grace] = [await open(), await open()];
    for (const page of [ada, grace]) await page.waitForSelector("#notes li.info");
    await ada.locator("#text").fill("hello <b>there</b>");
    await ada.locator("#say button").click();
    expect(await grace.locator("#notes li.theirs").textContent()).toContain("hello <b>there</b>");
    await grace.locator("#text").fill("hello to you");
    await grace.locator("#text").press("Enter");
    expect(await ada.locator("#notes li.theirs").textContent()).toContain("hello to you");
    if (picture !== undefined) await takePicture(ada, picture);
    expect(complaints).toEqual([]);
  });

  test("a server that is gone is shown, and one that comes back is found: readings and chat go on", async () => {
    const page = await open();
    await page.waitForFunction("Number(document.getElementById('read').textContent) > 20");
    const port = new URL(url).port;
    await server.stop("SIGKILL");
    await page.waitForSelector('#connection[data-state="transient_failure"]');
    expect(await text(page, "connection")).toBe("connection lost, trying again");
    const last = await numberOf(page, "read");
    await serve(port);
    await page.waitForFunction(`Number(document.getElementById('read').textContent) > ${last + 20}`);
    await page.waitForFunction("document.querySelectorAll('#notes li.info').length >= 3");
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(chromium === undefined)("examples/react in Chromium, by Vite's development server", () => {
  let vite: ViteDevServer;
  let server: Background;
  let url: string;

  beforeAll(async () => {
    // The page that it would serve: here Vite does.
    mkdirSync(join(folder, "react/page"), { recursive: true });
    server = background([process.execPath, "react/server.js", "0"], { cwd: folder });
    const target = (await server.line).replace("listening on ", "").replace(/\/$/, "");
    // React's development build, in which StrictMode mounts everything twice.
    vite = await createServer({
      root: join(repository, "examples/react"),
      cacheDir: join(repository, ".cache/vite-react"),
      logLevel: "error",
      server: {
        host: "127.0.0.1",
        port: 0,
        watch: null,
        hmr: false,
        proxy: { "/api": { target, changeOrigin: false } },
      },
    });
    await vite.listen();
    url = vite.resolvedUrls!.local[0]!; // it listens
  }, 120_000);

  afterAll(async () => {
    await vite?.close();
    await server?.stop("SIGKILL");
  });

  test("a query, a streamed query and useStream under StrictMode: readings come, and what is left is cancelled", async () => {
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error.stack)));
    const methods: string[] = [];
    let [begun, over] = [0, 0];
    page.on("request", (request) => {
      if (request.url().includes("/Now?")) methods.push(request.method());
      if (request.url().endsWith("/Watch") && request.method() === "POST") begun++;
    });
    const end = (request: Request): void => {
      if (request.url().endsWith("/Watch") && request.method() === "POST") over++;
    };
    page.on("requestfailed", end).on("requestfinished", end);
    await page.goto(url);

    const shows = (id: string, count: number): Promise<unknown> =>
      page.waitForFunction(`document.querySelectorAll('[data-testid="${id}"] li').length >= ${count}`);
    await page.waitForFunction(`/^Oslo: 20.0/.test(document.querySelector('[data-testid="now"]')?.textContent ?? '')`);
    await shows("query", 5);
    await shows("hook", 5);
    // StrictMode's first effect was cleaned up: one call of the hook's is open, and one of the query's.
    await expect.poll(() => begun - over).toBe(2);
    expect(methods[0]).toBe("GET");

    await page.getByText("Rome").click();
    await page.waitForFunction(`/^Rome: 20.0/.test(document.querySelector('[data-testid="now"]')?.textContent ?? '')`);
    await shows("hook", 5);
    await expect.poll(() => begun - over).toBe(2);
    await page.getByText("Stop").click();
    await expect.poll(() => begun - over).toBe(0);
    expect(begun).toBeGreaterThanOrEqual(4);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** While the page is in slow motion, so that it shows what it is for. */
async function takePicture(page: Page, file: string): Promise<void> {
  await page.locator("#slow").fill("500");
  await page.waitForFunction("/the server has stopped/.test(document.getElementById('explain').textContent)");
  await mkdir(join(repository, "docs/images"), { recursive: true });
  await page.screenshot({ path: join(repository, "docs/images", file) });
}
