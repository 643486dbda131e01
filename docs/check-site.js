/**
 * `npm run test:docs`: opens every page of the built site in headless Chromium, light and dark, wide and narrow. A page must not be
 * wider than the window, and must say nothing in the console; the search must find. Pictures of some pages are left in
 * `.cache/site-pictures`. Links were checked by the build. Without Chromium it says so, and checks nothing.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const site = fileURLToPath(new URL("../.cache/site", import.meta.url));
const pictures = fileURLToPath(new URL("../.cache/site-pictures", import.meta.url));
const executablePath = [process.env.GEN_STUBS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);
const views = [
  { name: "light-wide", colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { name: "light-narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { name: "dark-wide", colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  { name: "dark-narrow", colorScheme: "dark", viewport: { width: 390, height: 844 } },
];
/** Of these a picture is kept. */
const pictured = new Set(["index", "guides/troubleshooting", "benchmarks"]);
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

if (executablePath === undefined) {
  console.log("skipped: no Chromium; apt-get install chromium, or name it in GEN_STUBS_CHROMIUM");
} else {
  const server = createServer(serve).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    await check(browser, `http://127.0.0.1:${server.address().port}`);
  } finally {
    await browser.close();
    server.close();
  }
}

async function check(browser, origin) {
  mkdirSync(pictures, { recursive: true });
  const all = readdirSync(site, { recursive: true }).map(String);
  const pages = all.filter((file) => file.endsWith(".html") && file !== "404.html").map((file) => file.slice(0, -5));
  assert.ok(pages.length > 30, `only ${pages.length} pages: was the site built?`);
  // The API's pages are made alike by one tool: the first of each kind stands for the rest.
  const seen = new Set();
  const written = pages.filter((page) => {
    const kind = /^reference\/api\/.*?(classes|functions|interfaces|type-aliases|variables)\//.exec(page)?.[1];
    if (kind === undefined) return true;
    return !seen.has(kind) && Boolean(seen.add(kind));
  });

  const faults = [];
  for (const { name, ...view } of views) {
    const context = await browser.newContext(view);
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    let at = "";
    page.on("console", (message) => {
      if (/^(?:error|warning)$/.test(message.type())) faults.push(`${name} ${at}: console: ${message.text()}`);
    });
    page.on("pageerror", (error) => faults.push(`${name} ${at}: ${error.message}`));
    for (at of written) {
      const response = await page.goto(`${origin}/${at}`, { waitUntil: "load" });
      assert.equal(response.status(), 200, at);
      const { wide, wanted, dark } = await page.evaluate(() => ({
        wide: document.documentElement.clientWidth,
        wanted: document.documentElement.scrollWidth,
        dark: document.documentElement.classList.contains("dark"),
      }));
      if (wanted > wide) faults.push(`${name} ${at}: ${wanted} px in a window of ${wide} px`);
      if (dark !== (view.colorScheme === "dark")) faults.push(`${name} ${at}: is ${dark ? "dark" : "light"}`);
      if (pictured.has(at)) await page.screenshot({ path: join(pictures, `${at.replaceAll("/", "-")}-${name}.png`) });
    }
    await context.close();
    console.log(`${name}: ${written.length} pages`);
  }

  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${origin}/start/quick-start`, { waitUntil: "load" });
  // The button works once the page's script has run; a click before is lost.
  const input = page.locator("#localsearch-input");
  for (let tries = 0; tries < 60 && !(await input.isVisible()); tries++) {
    await page.locator("button.DocSearch-Button").first().click();
    await input.waitFor({ timeout: 2_000 }).catch(() => {});
  }
  await input.fill("too_many_pings");
  const first = page.locator("a.result").first();
  await first.waitFor();
  assert.match((await first.getAttribute("href")) ?? "", /\/guides\/troubleshooting/);
  console.log("the search finds a page by the text of an error");

  assert.deepEqual(faults, []);
}

/** The site's files, with the clean addresses that a host such as GitHub Pages has. */
function serve({ url = "/" }, response) {
  const path = decodeURIComponent(url.split(/[?#]/)[0] ?? "/");
  const file = [path, `${path}.html`, join(path, "index.html")]
    .map((name) => join(site, name))
    .find((name) => existsSync(name) && statSync(name).isFile());
  response.writeHead(file === undefined ? 404 : 200, {
    "content-type": types[extname(file ?? "")] ?? "application/octet-stream",
  });
  response.end(file === undefined ? "" : readFileSync(file));
}
