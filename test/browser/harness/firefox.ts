import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's Firefox, or the one that `GEN_STUBS_FIREFOX` names. */
export function firefoxPath(): string | undefined {
  const named = process.env["GEN_STUBS_FIREFOX"];
  return [...(named === undefined ? [] : [named]), "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) =>
    existsSync(path),
  );
}

/** Said in the place of tests that need Firefox. */
export const NO_FIREFOX = "skipped: no Firefox; apt-get install firefox-esr, or name it in GEN_STUBS_FIREFOX";

const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.enabled": false,
} as const;

/**
 * Opens a page in a Firefox of its own, without a window and without a driver: Debian's speaks none that playwright-core knows, so that the
 * page asks for what it is to do (`remotePage`). Resolves to what ends it.
 */
export async function openFirefox(executable: string, url: string): Promise<() => Promise<void>> {
  const profile = await mkdtemp(join(tmpdir(), "gen-stubs-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const child = spawn(executable, ["--headless", "--no-remote", "--profile", profile, url], {
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
    stdio: "ignore",
    detached: true,
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  return async () => {
    // Its processes are a group.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await closed;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}
