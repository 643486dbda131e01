import { cp, mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "../support/free-port.js";
import { packAll } from "../support/packed.js";
import { type Background, background, type Finished, run } from "../support/shell.js";

/** The port that the README's commands and files name; another one is used in its place. */
const readmePort = "50051";

/** An empty project that the README is followed in, step by step. */
export class ReadmeProject {
  readonly folder: string;
  readonly #packages: ReadonlyMap<string, string>;
  readonly #port: string;
  readonly #processes: Background[] = [];

  private constructor(folder: string, packages: ReadonlyMap<string, string>, port: string) {
    this.folder = folder;
    this.#packages = packages;
    this.#port = port;
  }

  static async create(): Promise<ReadmeProject> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "gen-stubs-readme-")));
    const folder = join(root, "project");
    await mkdir(folder);
    const packed = await packAll(root);
    const packages = new Map(Object.entries(packed).map(([name, { tarball }]) => [name, tarball]));
    return new ReadmeProject(folder, packages, String(await freePort()));
  }

  /** The same project once more, with all that was installed and generated in it. */
  async copy(name: string): Promise<ReadmeProject> {
    const folder = join(dirname(this.folder), name);
    await cp(this.folder, folder, { recursive: true, verbatimSymlinks: true });
    return new ReadmeProject(folder, this.#packages, String(await freePort()));
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${this.#here(text)}\n`);
  }

  async sh(script: string): Promise<Finished> {
    const finished = await run(this.#here(script), { cwd: this.folder, env: this.#env() });
    return { ...finished, output: this.#there(finished.output), stdout: this.#there(finished.stdout) };
  }

  /** Starts a server; resolves once it has printed a line. */
  async background(script: string): Promise<Pick<Finished, "output">> {
    const process = background(this.#here(script), { cwd: this.folder, env: this.#env() });
    this.#processes.push(process);
    return { output: this.#there(await process.line) };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  /** As a user's shell has it who installed protoc and buf. */
  #env(): Readonly<Record<string, string>> {
    return { PATH: `${join(this.folder, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}` };
  }

  /** The packages are not published yet: `npm install gen-stubs` becomes `npm install …/gen-stubs-1.0.0.tgz`. */
  #here(text: string): string {
    return text
      .replaceAll(readmePort, this.#port)
      .replace(/^npm install .*$/gm, (line) => line.replace(/[^ ]+/g, (word) => this.#packages.get(word) ?? word));
  }

  #there(text: string): string {
    return text.replaceAll(this.#port, readmePort);
  }
}
