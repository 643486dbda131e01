import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../support/packed.js";
import { background, runOk } from "../support/shell.js";

const source = join(repository, "test/nestjs/app");
const built = join(repository, ".cache/nestjs");
const protos = join(source, "protos");

/** `nest`: Nest's own transport. Ours: with what proto-loader loads, or with generated code. */
export type NestTransport = "nest" | "loaded" | "generated";

/** Compiles the application as its users do: with decorators and their metadata, by tsc. */
export async function buildNestProgram(): Promise<void> {
  await rm(built, { recursive: true, force: true });
  await cp(join(source, "src"), join(built, "src"), { recursive: true });
  const generate = [join(repository, "bin/gen-stubs.js"), protos, "--out", "src/gen", "--opt", "import_extension=js"];
  await runOk([process.execPath, ...generate, "--quiet"], { cwd: built });
  await runOk([join(repository, "node_modules/.bin/tsc"), "-p", join(source, "tsconfig.json")], { cwd: built });
}

/** The application in a process, and what a client in another process saw: an outcome for each case, by its name. */
export async function transcript(
  transport: NestTransport,
  cases: "all" | "guarded" = "all",
): Promise<ReadonlyMap<string, unknown>> {
  const server = background([process.execPath, "js/server.js", transport, protos], { cwd: built, input: "open" });
  try {
    const address = await server.line;
    const { stdout } = await runOk([process.execPath, "js/client.js", address, protos, cases], { cwd: built });
    server.child.stdin?.end("down\n");
    const code = await server.ended;
    const lines = stdout.trim().split("\n");
    return new Map<string, unknown>([...lines.map((line) => JSON.parse(line)), ["exit code", code]]);
  } finally {
    await server.stop("SIGKILL");
  }
}
