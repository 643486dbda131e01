import { GenerateError } from "../model/generate-error.js";
import { printable } from "../text/printable.js";
import { runBytes } from "./run.js";
import { isTerminal, readStdin, writeStdout } from "./stdio.js";

/**
 * The longest request that is read, in bytes: 1 GiB, half of what protobuf allows a message
 * (https://protobuf.dev/programming-guides/proto-limits/#total), twenty times what all of googleapis needs.
 */
const requestLimit = 2 ** 30;

const usage = `protoc-gen-stubs is a plugin of protoc and buf: it reads a CodeGeneratorRequest on stdin.

  protoc --plugin=protoc-gen-stubs=node_modules/.bin/protoc-gen-stubs --stubs_out=src/gen --stubs_opt=target=ts file.proto

To generate messages and stubs with one command, use: npx gen-stubs protos/ --out src/gen
`;

/** Request on stdin, response on stdout. Exit 1, and the reason on stderr, where there is no answer. */
export async function main(args: readonly string[]): Promise<void> {
  if (args.length > 0 || isTerminal()) {
    process.stderr.write(usage);
    process.exitCode = args[0] === "--help" || args[0] === "-h" ? 0 : 1;
    return;
  }
  try {
    await writeStdout(runBytes(await readStdin(requestLimit), warn));
  } catch (error) {
    const isFault = error instanceof GenerateError;
    process.stderr.write(
      isFault ? `protoc-gen-stubs: ${error}\n` : `protoc-gen-stubs failed; this is a bug in it:\n${trace(error)}\n`,
    );
    process.exitCode = 1;
  }
}

function warn(warning: string): void {
  process.stderr.write(`warning: ${printable(warning)}\n`);
}

function trace(error: unknown): string {
  return printable(error instanceof Error ? (error.stack ?? error.message) : String(error), "lines");
}
