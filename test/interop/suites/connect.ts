import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { exec } from "../harness/exec.js";
import { compile, generateFrom } from "../harness/generate.js";
import { cache, interop } from "../harness/paths.js";
import { installGoTool, moduleFolder } from "../harness/toolchain.js";

/** One run of the suite: which of our programs, and what it is asked for. */
interface Mode {
  readonly mode: "client" | "server";
  readonly transport: string;
  /** Its name in programs/conformance. */
  readonly program: string;
  /** What it is told. */
  readonly argument: string;
  /** What it can, in test/interop. */
  readonly conf: string;
  /** Which cases; all of them where it is left out. */
  readonly cases?: string;
}

/** The doors of our server for the web, each by the names that the suite has for it. */
const DOORS = [
  ["Connect over HTTP/1.1", "HTTPVersion:1/Protocol:PROTOCOL_CONNECT"],
  ["Connect over HTTP/2", "HTTPVersion:2/Protocol:PROTOCOL_CONNECT"],
  ["gRPC-Web over HTTP/1.1", "HTTPVersion:1/Protocol:PROTOCOL_GRPC_WEB"],
  ["gRPC-Web over HTTP/2", "HTTPVersion:2/Protocol:PROTOCOL_GRPC_WEB"],
  ["gRPC, protobuf and JSON", "HTTPVersion:2/Protocol:PROTOCOL_GRPC"],
] as const;

/** Connect's conformance runner against our clients and our servers. Counts passes, names failures. */
export async function runConnect(context: Context): Promise<void> {
  const { results, toolchains, transports } = context;
  if (toolchains.go === undefined) return results.skip("the Connect conformance suite", "it needs Go");
  const runner = await installGoTool("connectconformance");
  await generateFrom(join(await moduleFolder("connectconformance"), "proto"));
  await compile("programs/conformance");
  for (const transport of transports) {
    for (const mode of ["client", "server"] as const) {
      await runMode(context, runner, {
        mode,
        transport,
        program: mode,
        argument: transport,
        conf: "conformance.yaml",
      });
    }
  }
  const overFetch = {
    mode: "client",
    transport: "fetch",
    program: "fetch-client",
    argument: "fetch",
    conf: "conformance-fetch.yaml",
  } as const;
  await runMode(context, runner, overFetch);
  for (const [door, cases] of DOORS) {
    const web = { mode: "server", program: "server", argument: "web", conf: "conformance-server.yaml" } as const;
    await runMode(context, runner, { ...web, transport: `web: ${door}`, cases: `**/${cases}/**` });
  }
}

async function runMode({ results }: Context, runner: string, asked: Mode) {
  const { mode, transport, program: name, argument, conf, cases } = asked;
  const program = join(cache, "js", "programs", "conformance", `${name}.js`);
  const args = ["--mode", mode, "--conf", join(interop, conf), "--max-servers", "2"];
  if (mode === "server") args.push("--parallel", "4");
  if (cases !== undefined) args.push("--run", cases);
  const { stdout, stderr, code } = await exec(runner, [...args, "--", process.execPath, program, argument], {
    timeoutMs: 400_000,
  });
  const output = stdout + stderr;
  for (const { name, detail } of failures(output)) {
    results.add({ suite: "connect", peer: "connect", ours: mode, transport, name, ok: false, detail });
  }
  const [, passed, failed] = output.match(/^(\d+) passed, (\d+) failed$/m) ?? [];
  const stopped = output.match(/could not be run.*/)?.[0];
  if (passed === undefined || failed === undefined || stopped !== undefined) {
    const detail = `${stopped ?? "no closing line"}; exit ${code}: ${output.slice(-500)}`;
    results.add({ suite: "connect", peer: "connect", ours: mode, transport, name: "the whole run", ok: false, detail });
    return;
  }
  const count = { what: `our ${mode}`, transport, passed: Number(passed), failed: Number(failed) };
  results.count({ suite: "connect", ...count });
  results.add({
    suite: "connect",
    peer: "connect",
    ours: mode,
    transport,
    name: "the whole run",
    ok: true,
    detail: "",
  });
}

function failures(output: string): { name: string; detail: string }[] {
  const found: { name: string; detail: string }[] = [];
  const lines = output.split("\n");
  for (const [index, line] of lines.entries()) {
    const name = line.match(/^FAILED: (.*):$/)?.[1];
    if (name !== undefined) found.push({ name: short(name), detail: (lines[index + 1] ?? "").trim().slice(0, 200) });
  }
  return found;
}

/** The parts of a name that are the same for all cases are left out. */
function short(name: string): string {
  return name.replace(/(HTTPVersion|Protocol|Codec):[^/]*\//g, "").replaceAll("COMPRESSION_", "");
}
