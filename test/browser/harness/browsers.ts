import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian and its kin have them; `GEN_STUBS_CHROMIUM` and `GEN_STUBS_FIREFOX` name others. */
const PLACES = {
  chromium: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
} as const;

/** The browsers that are here, by name; where there is none, why nothing of `npm run test:browser` runs. */
export function chromiumPath(): string | undefined {
  const named = process.env["GEN_STUBS_CHROMIUM"];
  return [...(named === undefined ? [] : [named]), ...PLACES.chromium].find((path) => existsSync(path));
}

/** Said in the place of tests that need a browser. */
export const NO_CHROMIUM = "skipped: no Chromium; apt-get install chromium, or name it in GEN_STUBS_CHROMIUM";

/** Starts Chromium without a window. */
export function launchChromium(executablePath: string): Promise<Browser> {
  // In containers there is neither a sandbox nor much of /dev/shm. `gc()` is for tests of memory.
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--js-flags=--expose-gc", "--enable-precise-memory-info"];
  return chromium.launch({ executablePath, headless: true, args });
}
