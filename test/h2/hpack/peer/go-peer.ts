import { type ChildProcess, spawn } from "node:child_process";

export interface Answer {
  readonly ok: boolean;
  readonly payload: Buffer;
}

/** The Go program, a process of its own: frames go in, answers come out in their order. */
export class GoPeer {
  readonly #child: ChildProcess;
  #out: Buffer[] = [];
  #in: Buffer = Buffer.alloc(0);
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];

  constructor(program: string) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#child.once("close", (code) => {
      for (const { reject } of this.#waiting) reject(new Error(`the Go peer ended with ${code}`));
    });
  }

  /** Tells a number; there is no answer. */
  tell(kind: "N" | "L" | "T", value: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(value);
    this.#write(kind, payload);
  }

  /** Asks; what was told and asked leaves at the next {@link flush}. */
  ask(kind: "D" | "E", payload: Uint8Array): Promise<Answer> {
    this.#write(kind, payload);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  flush(): void {
    this.#child.stdin!.write(Buffer.concat(this.#out));
    this.#out = [];
  }

  end(): void {
    this.#child.stdin!.end();
  }

  #write(kind: string, payload: Uint8Array): void {
    const head = Buffer.alloc(5, kind, "latin1");
    head.writeUInt32BE(payload.length, 1);
    this.#out.push(head, Buffer.from(payload));
  }

  #read(chunk: Buffer): void {
    const bytes = this.#in.length === 0 ? chunk : Buffer.concat([this.#in, chunk]);
    let at = 0;
    while (bytes.length - at >= 5 && bytes.length - at - 5 >= bytes.readUInt32BE(at + 1)) {
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      this.#waiting.shift()!.resolve({ ok: bytes[at] === 0x2b, payload: bytes.subarray(at + 5, end) });
      at = end;
    }
    this.#in = bytes.subarray(at);
  }
}

export function packList(list: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (const text of list) {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(text.length);
    parts.push(head, Buffer.from(text, "latin1"));
  }
  return Buffer.concat(parts);
}

export function unpackList(bytes: Buffer): string[] {
  const list: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    list.push(bytes.toString("latin1", at + 4, end));
    at = end;
  }
  return list;
}
