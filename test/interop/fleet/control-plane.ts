import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execOk } from "../harness/exec.js";
import { bin, interop, root } from "../harness/paths.js";
import type { FleetServer } from "./fleet-server.js";

/** An xDS control plane of go-control-plane: xds-go. */
export class ControlPlane {
  readonly #port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.#port = port;
    this.#child = child;
  }

  /** Builds it where it is not there; resolves when it listens. */
  static async start(servers: readonly FleetServer[]): Promise<ControlPlane> {
    const program = join(bin, "control-plane");
    const build = ["go", "build", "-buildvcs=false", "-o", program, "."];
    await execOk("nice", build, { cwd: join(interop, "xds-go"), timeoutMs: 600_000 });
    const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const plane = new ControlPlane((JSON.parse(String(line)) as { port: number }).port, child); // our own program prints it
    plane.set(servers);
    return plane;
  }

  /** The bootstrap of its clients (gRFC A27): the example's. */
  async bootstrap(): Promise<string> {
    const text = await readFile(join(root, "examples", "fleet", "xds-bootstrap.json"), "utf8");
    return text.replace("control-plane:18000", `127.0.0.1:${this.#port}`);
  }

  /** The servers there are from now on. */
  set(servers: readonly FleetServer[]): void {
    this.#child.stdin?.write(`${servers.map(({ host, port }) => `${host}:${port}`).join(",")}\n`);
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}
