import { type ChildProcess, spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Random } from "../harness/random.js";
import { Relay } from "../harness/relay/index.js";

export interface UploadTorture {
  readonly seed: number;
  /** Of the file. */
  readonly bytes: number;
  /** How often the upload is cut; every third time by killing the server. */
  readonly cuts: number;
  /** Where `examples/upload` is, compiled. */
  readonly example: string;
}

/** What one run was like. */
export interface UploadReport {
  readonly cuts: number;
  readonly kills: number;
  /** What the client printed: the file's size and SHA-256 on the server, and that of the copy it downloaded. */
  readonly lines: readonly string[];
  /** A line for each time it went on. */
  readonly resumes: readonly string[];
  readonly seconds: number;
}

/** Runs `examples/upload` through a relay that cuts it, with a server that is killed: three processes. Throws where the client fails. */
export async function tortureUpload({ seed, bytes, cuts, example }: UploadTorture): Promise<UploadReport> {
  const folder = await mkdtemp(join(tmpdir(), "gen-stubs-torture-"));
  const file = join(folder, "file");
  await writeRandom(file, bytes);
  const random = new Random(seed);
  const started = performance.now();
  const server = new ExampleServer(join(example, "server.js"), join(folder, "uploads"));
  await server.start();
  let [done, kills] = [0, 0];
  const target = {
    get port() {
      return server.port;
    },
  };
  // Large pieces: what is cut is to be much.
  const manner = { minPiece: 16_384, maxPiece: 1 << 20, maxTurns: 1 };
  const relay = await Relay.start({ target, seed, ...manner }, (connection) => {
    const offset = Math.round((bytes / cuts) * (0.1 + 0.8 * random.next()));
    const way = random.below(3);
    connection.toServer.at(offset, () => {
      if (done >= cuts) return;
      done++;
      if (done % 3 === 0) {
        kills++;
        void server.restart();
      } else if (way === 0) connection.close();
      else if (way === 1) connection.reset();
      else connection.toServer.halfClose();
    });
  });
  try {
    const args = [join(example, "client.js"), file, `127.0.0.1:${relay.port}`, join(folder, "copy")];
    const client = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const [lines, resumes]: [string[], string[]] = [[], []];
    createInterface(client.stdout).on("line", (line) => lines.push(line));
    createInterface(client.stderr).on("line", (line) => resumes.push(line));
    const [code] = await once(client, "close");
    if (code !== 0)
      throw new Error(`seed ${seed}: the client ended with ${code}\n${[...resumes, ...lines].join("\n")}`);
    return { cuts: done, kills, lines, resumes, seconds: (performance.now() - started) / 1000 };
  } finally {
    await relay.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRandom(path: string, bytes: number): Promise<void> {
  const block = new Uint8Array(1 << 20);
  const file = await open(path, "w");
  for (let left = bytes; left > 0; left -= block.length) {
    randomFillSync(block);
    await file.write(block, 0, Math.min(left, block.length));
  }
  await file.close();
}

/** The example's server, which is killed and started again. */
class ExampleServer {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #closed = false;
  port = 0;

  constructor(program: string, folder: string) {
    this.#args = [program, "127.0.0.1:0", folder];
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#child = child;
    const [line] = await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => [""])]);
    this.port = Number(/:(\d+)\s*$/.exec(String(line))?.[1] ?? this.port);
  }

  async restart(): Promise<void> {
    await this.#kill();
    if (!this.#closed) await this.start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#kill();
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
}
