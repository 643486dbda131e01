import { freePort } from "../harness/ports.js";
import { FleetServer } from "./fleet-server.js";
import { NAME, NameServer } from "./name-server.js";

/** How long a server that goes still takes calls, as a pod does by its preStop hook. */
const DRAIN_MS = 1_500;

/** Servers as pods: each has an address of its own, all have one port; a name server knows those that are to be called. */
export class Stage {
  readonly port: number;
  readonly names: NameServer;
  readonly servers = new Map<string, FleetServer>();
  #hosts = 10;

  private constructor(port: number, names: NameServer) {
    this.port = port;
    this.names = names;
  }

  static async start(ids: readonly string[]): Promise<Stage> {
    const stage = new Stage(await freePort(), await NameServer.start());
    await Promise.all(ids.map((id) => stage.add(id)));
    return stage;
  }

  /** What gRPC's clients resolve, by the stage's own name server. */
  get target(): string {
    return `dns://127.0.0.1:${this.names.port}/${NAME}:${this.port}`;
  }

  get ids(): string[] {
    return [...this.servers.keys()];
  }

  server(id: string): FleetServer {
    const server = this.servers.get(id);
    if (server === undefined) throw new Error(`there is no server ${id}`);
    return server;
  }

  /** A new pod, with a new address. */
  async add(id: string): Promise<void> {
    const host = `127.0.1.${this.#hosts++}`;
    this.servers.set(id, await FleetServer.start(id, { host, port: this.port, drainMs: DRAIN_MS, graceMs: 1_000 }));
    this.names.add(host);
  }

  /** As Kubernetes ends a pod: out of DNS and SIGTERM at once. */
  async remove(id: string, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const server = this.server(id);
    this.servers.delete(id);
    this.names.remove(server.host);
    await server.stop(signal);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop("SIGKILL")));
    this.names.stop();
  }
}
