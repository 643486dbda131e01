import { afterAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium, NO_CHROMIUM } from "./harness/browsers.js";
import { bundleContract, type KeptTest } from "./harness/contract-page.js";
import { attachCoupler } from "./harness/coupler.js";
import { openPage } from "./harness/open-page.js";
import { servePages } from "./harness/page-server.js";

const chromium = chromiumPath();
if (chromium === undefined) console.log(NO_CHROMIUM);

describe.skipIf(chromium === undefined)("the contract, in a page in Chromium", async () => {
  if (chromium === undefined) return;
  const { script, files } = await bundleContract();
  const pages = await servePages();
  attachCoupler(pages.web);
  const browser = await launchChromium(chromium);
  const page = await openPage(browser, pages.pageOf(script));
  const kept = await page.run<KeptTest[]>("list");

  afterAll(async () => {
    await browser.close();
    await pages.close();
  });

  test("the contract's files are there", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(kept.length).toBeGreaterThan(100);
  });

  for (const { index, title, fails } of kept) {
    const declare = fails ? test.fails : test;
    declare(title, { timeout: 60_000 }, () => page.run("run", index));
  }
});
