import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../harness/paths.js";
import { freePort, untilListening } from "../harness/ports.js";
import type { ProxyKind, ProxyOptions } from "./proxy.js";

/** A proxy in front of one server. */
export class ProxyProcess {
  readonly port: number;
  readonly #kind: ProxyKind;
  readonly #options: ProxyOptions;
  readonly #child: ChildProcess;

  private constructor(kind: ProxyKind, options: ProxyOptions, child: ChildProcess) {
    this.#kind = kind;
    this.#options = options;
    this.#child = child;
    this.port = options.port;
  }

  /** Resolves when it listens. */
  static async start(kind: ProxyKind, upstream: number, idleSeconds?: number): Promise<ProxyProcess> {
    const folder = join(cache, "proxies", kind.name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const idle = idleSeconds === undefined ? {} : { idleSeconds };
    const options = { upstream, port: await freePort(), folder, ...idle };
    const args = await kind.prepare(options);
    // A group of its own, so that it ends with all its workers.
    const child = spawn(kind.command, args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-1000);
    });
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`${kind.name} ended with ${code}: ${stderr}`);
    });
    await Promise.race([untilListening(options.port, 20_000), ended]);
    ended.catch(() => {});
    return new ProxyProcess(kind, options, child);
  }

  /** Makes it read its configuration anew. It goes on meanwhile. */
  async reload(): Promise<void> {
    const { reload } = this.#kind;
    if (typeof reload === "string") this.#child.kill(reload);
    else await reload(this.#options);
  }

  /** Ends it at once, with its workers. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const exited = once(this.#child, "exit");
    process.kill(-this.#child.pid, "SIGKILL");
    await exited;
  }
}
