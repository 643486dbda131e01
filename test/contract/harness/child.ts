import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Starts `raw-peer.mjs` and waits for its first line. */
export async function rawPeer(...args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const script = fileURLToPath(new URL("./raw-peer.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [chunk] = await once(child.stdout, "data");
  return { child, line: String(chunk).trim() };
}

/** Ends a process at once and waits for its end. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
