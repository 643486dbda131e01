import { join } from "node:path";
import type { Context, Transport } from "../harness/context.js";
import { exec } from "../harness/exec.js";
import { cache } from "../harness/paths.js";
import { ServerProcess } from "../harness/server-process.js";
import { installGoTool } from "../harness/toolchain.js";

const program = join(cache, "js", "programs", "h2spec", "server.js");
/** grpc-js's HTTP/2 is Node's, and not ours to prove. */
const transport: Transport = "http2";
/** How many cases the pinned version has: fewer were not run, or not understood. */
const cases = 146;

/** All of h2spec, strict cases too, against our server: RFC 9113 and RFC 7541 as a hostile client sees them. */
export async function runH2spec({ results, toolchains, transports }: Context): Promise<void> {
  if (!transports.includes(transport)) return;
  if (toolchains.go === undefined) return results.skip("h2spec", "it needs Go");
  const h2spec = await installGoTool("h2spec");
  const server = await ServerProcess.start(process.execPath, [program, transport]);
  // The time-out is how long it waits for what does not come, which some cases hope for.
  const args = ["--strict", "--timeout", "3", "--port", String(server.port)];
  const { stdout, stderr, code } = await exec(h2spec, args, { timeoutMs: 600_000 });
  await server.stop();
  const verdicts = parseVerdicts(stdout);
  const common = { suite: "h2spec", peer: "h2spec", ours: "server", transport } as const;
  for (const { name, ended, detail } of verdicts) {
    if (ended === "skipped") results.skip(`h2spec ${name}`, "it skips this case itself");
    else results.add({ ...common, name, ok: ended === "passed", detail });
  }
  const detail = `${verdicts.length} of ${cases}; exit ${code}: ${(stdout + stderr).slice(-300)}`;
  results.add({ ...common, name: `all ${cases} cases ran`, ok: verdicts.length === cases, detail });
  const failed = verdicts.filter(({ ended }) => ended === "failed").length;
  const passed = verdicts.filter(({ ended }) => ended === "passed").length;
  results.count({ suite: "h2spec", what: "our server", transport, passed, failed });
}

interface Verdict {
  /** Part, section and case: `http2 6.9.1. The Flow-Control Window: 2: Sends …`. */
  readonly name: string;
  readonly ended: "passed" | "failed" | "skipped";
  readonly detail: string;
}

const parts: Readonly<Record<string, string>> = {
  "Generic tests for HTTP/2 server": "generic",
  "Hypertext Transfer Protocol Version 2 (HTTP/2)": "http2",
  "HPACK: Header Compression for HTTP/2": "hpack",
};

/** Reads what h2spec prints. (Its JUnit report is no XML where a frame's bytes are in it.) */
function parseVerdicts(output: string): Verdict[] {
  const verdicts: Verdict[] = [];
  let part = "";
  let section = "";
  for (const whole of output.split("\n")) {
    // A case's line is written over when its verdict is known.
    const line = whole.slice(whole.lastIndexOf("\r") + 1).trim();
    const [, mark, number, text] = line.match(/^(?:(✔|×) )?(\d+): (.*)$/u) ?? [];
    if (line === "Failures:") break; // which says them again
    if (parts[line] !== undefined) part = parts[line];
    else if (/^\d+(\.\d+)*\. /.test(line)) section = line;
    else if (number !== undefined && whole.includes("\r")) {
      const ended = mark === "✔" ? "passed" : mark === "×" ? "failed" : "skipped";
      verdicts.push({ name: `${part} ${section}: ${number}: ${text}`, ended, detail: "" });
    } else if (/^(->|Expected:|Actual:|Error:)/.test(line)) {
      const last = verdicts.pop();
      if (last !== undefined) verdicts.push({ ...last, detail: `${last.detail} ${line}`.trim() });
    }
  }
  return verdicts;
}
