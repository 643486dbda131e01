import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificates } from "../support/certificates.js";
import { packAll, pinned, repository } from "../support/packed.js";
import { background, runOk } from "../support/shell.js";
import type { Runtime } from "./runtimes.js";

/** What a client found: each case, and `ok` or what went wrong. */
export type Findings = Readonly<Record<string, string>>;

/** Where a server listens: in plain text, over TLS, and for the web. */
interface Targets {
  readonly plain: string;
  readonly tls: string;
  readonly web: string;
}

/** A project with the packed runtime, generated JavaScript and two programs, which every runtime runs as they are. */
export class PairProject {
  readonly #root: string;
  readonly #folder: string;

  private constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, "project");
  }

  /** With further packages, and further programs out of a folder. */
  static async create(packages: readonly string[] = [], programs?: string): Promise<PairProject> {
    const project = new PairProject(await realpath(await mkdtemp(join(tmpdir(), "gen-stubs-runtimes-"))));
    const folder = project.#folder;
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const packed = await packAll(project.#root);
    const protobuf = `@bufbuild/protobuf@${await pinned("@bufbuild/protobuf")}`;
    await runOk(["npm", "install", "--ignore-scripts", packed["gen-stubs-runtime"].tarball, protobuf, ...packages], {
      cwd: folder,
    });
    const here = join(repository, "test/runtimes");
    for (const from of [join(here, "programs"), programs])
      if (from !== undefined) await cp(from, folder, { recursive: true });
    const generate = [join(repository, "bin/gen-stubs.js"), join(here, "protos"), "--out", "gen", "--opt", "target=js"];
    await runOk([process.execPath, ...generate], { cwd: folder });
    const { ca, server } = await certificates();
    for (const [name, text] of Object.entries({ ca, cert: server.cert, key: server.key })) {
      await writeFile(join(folder, `${name}.pem`), text);
    }
    return project;
  }

  /** Runs the server on one runtime and the client on the other, until both have ended by themselves. */
  run(client: Runtime, server: Runtime): Promise<Findings> {
    return this.#run(client, server, ({ plain, tls }) => ["client.js", plain, tls, "ca.pem"]);
  }

  /** The same with the client that uses fetch. */
  runWeb(client: Runtime, server: Runtime, protocol: "connect" | "grpc-web"): Promise<Findings> {
    return this.#run(client, server, ({ web }) => ["web-client.js", web, protocol]);
  }

  /** The client that uses fetch, on the Node that runs the tests, to a server that somebody else started. */
  async callWeb(url: string, protocol: "connect" | "grpc-web"): Promise<Findings> {
    const env = { NODE_EXTRA_CA_CERTS: join(this.#folder, "ca.pem") };
    const command = [process.execPath, "web-client.js", url, protocol] as const;
    const { stdout } = await runOk(command, { cwd: this.#folder, env });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  }

  get folder(): string {
    return this.#folder;
  }

  async #run(client: Runtime, server: Runtime, program: (targets: Targets) => string[]): Promise<Findings> {
    const options = { cwd: this.#folder, env: { DENO_NO_UPDATE_CHECK: "1" } };
    const serving = background([...server.command, "server.js", "cert.pem", "key.pem"], { ...options, input: "open" });
    try {
      const targets: Targets = JSON.parse(await serving.line);
      const { stdout } = await runOk([...client.command, ...program(targets)], options);
      const lines = stdout.trim().split("\n");
      serving.child.stdin?.end();
      const code = await serving.ended;
      const closed = code === 0 && /^closed$/m.test(serving.output()) ? "ok" : `the server ended with ${code}`;
      return { ...JSON.parse(lines.at(-1) ?? ""), shutdown: closed };
    } finally {
      await serving.stop("SIGKILL");
    }
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}
