import { fstatSync, readSync, writeSync } from "node:fs";
import { GenerateError } from "../model/generate-error.js";

const chunkSize = 1 << 20;

/** Whether stdin is a terminal. `process.stdin`, which knows, takes its time to load: only a device can be one. */
export function isTerminal(): boolean {
  return fstatSync(0).isCharacterDevice() && process.stdin.isTTY === true;
}

/**
 * All of stdin. Reads synchronously, which spares loading Node's streams, unless stdin is a pipe that does not block.
 *
 * @param limit in bytes
 * @throws GenerateError "request-too-large" as soon as there is more than that
 */
export async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const take = (chunk: Uint8Array): void => {
    total += chunk.length;
    if (total > limit) throw tooLarge(limit);
    chunks.push(chunk);
  };
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkSize);
      const size = readSync(0, chunk);
      if (size === 0) return concat(chunks);
      take(chunk.subarray(0, size));
    }
  } catch (error) {
    if (isCode(error, "EOF")) return concat(chunks); // how Windows says that a pipe has ended
    if (!isCode(error, "EAGAIN")) throw error;
  }
  for await (const chunk of process.stdin) take(chunk as Uint8Array); // a stream without encoding yields bytes
  return concat(chunks);
}

function tooLarge(limit: number): GenerateError {
  const text = `the input is longer than ${limit} bytes, the longest CodeGeneratorRequest that is read; generate fewer files at a time`;
  return new GenerateError("request-too-large", text);
}

/** Writes all bytes to stdout, before it resolves. */
export async function writeStdout(bytes: Uint8Array): Promise<void> {
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(1, bytes, at);
  } catch (error) {
    if (isCode(error, "EPIPE")) return; // nobody listens any more
    if (!isCode(error, "EAGAIN")) throw error;
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(bytes.subarray(at), (fault) => (fault ? reject(fault) : resolve()));
    });
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
