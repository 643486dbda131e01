import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Context } from "../harness/context.js";
import { exec, firstLine } from "../harness/exec.js";
import { cache } from "../harness/paths.js";

const program = join(cache, "js", "programs", "telemetry", "channelz.js");

/** The cells of a table's first row, or of the value behind a label. */
const cells = (text: string, row: number): readonly string[] => (text.split("\n")[row] ?? "").trim().split(/\s{2,}/);

/**
 * What grpcdebug prints of our server and of our channel, down to their sockets. It is run where it is on the PATH: it is no package
 * that could be installed here at a version of our choice.
 */
export async function runGrpcdebug({ results, transports }: Context): Promise<void> {
  if (!transports.includes("http2")) return;
  if ((await firstLine("grpcdebug", ["--help"])) === undefined)
    return results.skip("grpcdebug", "it is not on the PATH");
  const ours = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => ours.once("close", resolve));
  const lines = createInterface({ input: ours.stdout })[Symbol.asyncIterator]();
  const { address, admin } = JSON.parse((await lines.next()).value ?? "{}") as Record<"address" | "admin", string>; // our program's
  const ask = async (name: string, args: readonly string[], right: (printed: string) => boolean): Promise<string> => {
    const { stdout, stderr, code } = await exec("grpcdebug", [admin, ...args], { timeoutMs: 60_000 });
    const common = { suite: "grpcdebug", peer: "grpcdebug", ours: "server", transport: "http2" } as const;
    results.add({ ...common, name, ok: code === 0 && right(stdout), detail: `exit ${code}: ${stdout}${stderr}` });
    return stdout;
  };
  const calls = "4/3/1";
  const servers = await ask("channelz servers", ["channelz", "servers"], (printed) => printed.includes(calls));
  const serverId = cells(servers, 1)[0] ?? "";
  const ofServer = (printed: string): boolean => printed.includes(`${address}->127.0.0.1:`) && printed.includes(calls);
  await ask("channelz server: its sockets and their calls", ["channelz", "server", serverId], ofServer);
  const channels = await ask(
    "channelz channels",
    ["channelz", "channels"],
    (printed) => cells(printed, 1).slice(1, 4).join() === [address, "READY", calls].join(),
  );
  const channelId = cells(channels, 1)[0] ?? "";
  const channel = await ask(
    "channelz channel: its subchannels",
    ["channelz", "channel", channelId],
    (printed) => printed.includes("Subchannel ID") && printed.includes(address),
  );
  const subchannelId =
    cells(channel, channel.split("\n").findIndex((line) => line.startsWith("Subchannel ID")) + 1)[0] ?? "";
  const subchannel = await ask(
    "channelz subchannel: its sockets",
    ["channelz", "subchannel", subchannelId],
    (printed) => printed.includes(`->${address}`) && printed.includes(calls),
  );
  const socketId =
    cells(subchannel, subchannel.split("\n").findIndex((line) => line.startsWith("Socket ID")) + 1)[0] ?? "";
  await ask(
    "channelz socket: both addresses",
    ["channelz", "socket", socketId],
    (printed) => /Address:\s+127\.0\.0\.1:\d+->/.test(printed) && printed.includes(address),
  );
  await ask("health", ["health"], (printed) => printed.includes("SERVING"));
  ours.kill("SIGTERM");
  await ended;
}
