import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { type Background, background, runOk } from "../support/shell.js";
import { chromiumPath, launchChromium, NO_CHROMIUM } from "./harness/browsers.js";

const chromium = chromiumPath();
if (chromium === undefined) console.log(NO_CHROMIUM);

/** Set it to a file's name, and the pictures of the docs are taken anew. */
const picture = process.env["GEN_STUBS_PICTURE"];

describe.skipIf(chromium === undefined)("examples/web in Chromium, as Vite has built it", () => {
  const folder = join(repository, "examples/dist");
  let browser: Browser;
  let server: Background;
  let url: string;

  async function serve(port = "0"): Promise<void> {
    server = background([process.execPath, "web/server.js", `127.0.0.1:${port}`], { cwd: folder });
    url = (await server.line).replace("listening on ", "");
  }

  beforeAll(async () => {
    await runOk(["npm", "run", "examples:build"], { cwd: repository });
    browser = await launchChromium(chromium!); // the suite is skipped without it
    await serve();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
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

/** While the page is in slow motion, so that it shows what it is for. */
async function takePicture(page: Page, file: string): Promise<void> {
  await page.locator("#slow").fill("500");
  await page.waitForFunction("/the server has stopped/.test(document.getElementById('explain').textContent)");
  await mkdir(join(repository, "docs/images"), { recursive: true });
  await page.screenshot({ path: join(repository, "docs/images", file) });
}
