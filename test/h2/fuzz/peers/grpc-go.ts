import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { connectionOf, type Peer, type Verdict, verdictOf } from "./peer.js";

const KINDS: Readonly<Record<string, Verdict["connection"]>> = { "+": "lives", "-": "ended", "?": "silent" };

/** grpc-go's server, in a process of its own: connections go in, answers come out in their order. */
export class GrpcGoPeer implements Peer {
  readonly name = "grpc-go";
  readonly #child: ChildProcess;
  readonly #waiting: { resolve(verdict: Verdict): void; reject(error: Error): void }[] = [];
  #in: Buffer = Buffer.alloc(0);

  private constructor(program: string) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#child.once("close", (code) => {
      for (const { reject } of this.#waiting) reject(new Error(`the peer in Go ended with ${code}`));
    });
  }

  /** Builds it with the `go` of the PATH. */
  static start(): GrpcGoPeer {
    // `npm run` starts in the checkout.
    const program = join(process.cwd(), ".cache", "fuzz-h2", "grpc-go-peer");
    const cwd = join(process.cwd(), "test", "h2", "fuzz", "peers", "go");
    execFileSync("go", ["build", "-buildvcs=false", "-o", program, "."], { cwd, stdio: "inherit" });
    return new GrpcGoPeer(program);
  }

  ask(frames: readonly Uint8Array[]): Promise<Verdict> {
    const bytes = connectionOf(frames);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    this.#child.stdin!.write(Buffer.concat([head, bytes]));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close(): void {
    this.#child.stdin!.end();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#in.length === 0 ? chunk : Buffer.concat([this.#in, chunk]);
    let at = 0;
    while (bytes.length - at >= 5 && bytes.length - at - 5 >= bytes.readUInt32BE(at + 1)) {
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      const connection = KINDS[String.fromCharCode(bytes[at]!)]!;
      this.#waiting.shift()!.resolve(verdictOf(connection, bytes.subarray(at + 5, end)));
      at = end;
    }
    this.#in = bytes.subarray(at);
  }
}
