import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execOk } from "../harness/exec.js";
import { bin, interop } from "../harness/paths.js";
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

  /** The bootstrap of its clients, as gRFC A27 has it. */
  get bootstrap(): string {
    const plane = {
      server_uri: `127.0.0.1:${this.#port}`,
      channel_creds: [{ type: "insecure" }],
      server_features: ["xds_v3"],
    };
    return JSON.stringify({ xds_servers: [plane], node: { id: "one", locality: { region: "here" } } });
  }

  /** The servers there are from now on. */
  set(servers: readonly FleetServer[]): void {
    this.#child.stdin?.write(`${servers.map(({ host, port }) => `${host}:${port}`).join(",")}\n`);
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}
