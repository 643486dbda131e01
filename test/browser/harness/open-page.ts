import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page that is open, and what it complained of. */
export interface OpenPage {
  readonly page: Page;
  /** Errors that nobody caught, and what was written to its console as an error. */
  readonly complaints: readonly string[];
  /** Calls one of the functions that the page gave to `expose`, and gives what it resolves to. */
  run<T>(name: string, ...args: unknown[]): Promise<T>;
}

export async function openPage(browser: Browser, url: string, options?: BrowserContextOptions): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/favicon/.test(message.location().url)) complaints.push(message.text());
  });
  const failed = new Promise<never>((_, reject) => {
    page.once("pageerror", (error) => reject(new Error("the page's script failed", { cause: error })));
  });
  failed.catch(() => {}); // once it is open, errors are complaints
  await page.goto(url);
  await Promise.race([failed, page.waitForFunction("globalThis.exposed !== undefined")]);
  return {
    page,
    complaints,
    run: (name, ...args) =>
      page.evaluate(`exposed[${JSON.stringify(name)}](...${JSON.stringify(args)})`) as Promise<never>, // the caller knows the page's functions
  };
}
