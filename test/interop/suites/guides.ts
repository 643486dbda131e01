import { join } from "node:path";
import type { Context, Transport } from "../harness/context.js";
import { exec } from "../harness/exec.js";
import { cache, guides, interop } from "../harness/paths.js";
import { ServerProcess, type SpawnOptions } from "../harness/server-process.js";
import { type Expected, guideCases, judgeEnd, lastCases } from "./guide-cases.js";

type Command = readonly [command: string, args: readonly string[], options?: SpawnOptions];
type PeerName = keyof typeof guideCases;

/** A program of somebody else's: how its server starts, and how its client is told what to call. */
interface Peer {
  readonly name: PeerName;
  readonly server: Command;
  /** A server that compresses, and shuts down when a client says so; where the peer has one. */
  readonly lastServer?: Command;
  client(target: string, id: string, cases: string): Command;
}

const programs = join(cache, "js", "programs", "guides");

/** The services of the guides: their clients to our server, our client to their servers. */
export async function runGuides(context: Context): Promise<void> {
  for (const peer of peers(context)) {
    const theirs = await ServerProcess.start(...peer.server);
    for (const transport of context.transports) {
      const id = `ours-${transport}`;
      const ours = (cases: string): Command => [
        process.execPath,
        [join(programs, "client.js"), transport, theirs.target, id, cases],
      ];
      await runPairing(context, peer.name, "client", transport, theirs, id, ours, guideCases[peer.name]);
    }
    await theirs.stop();
    for (const transport of context.transports) {
      if (peer.lastServer === undefined) continue;
      const last = await ServerProcess.start(...peer.lastServer);
      const id = `ours-last-${transport}`;
      const ours = (cases: string): Command => [
        process.execPath,
        [join(programs, "client.js"), transport, last.target, id, cases],
      ];
      await runLast(context, peer.name, "client", transport, last, id, ours);
    }
  }
  for (const transport of context.transports) {
    const ours = await ServerProcess.start(process.execPath, [join(programs, "server.js"), transport]);
    for (const peer of peers(context)) {
      const id = `${peer.name}-${transport}`;
      await runPairing(
        context,
        peer.name,
        "server",
        transport,
        ours,
        id,
        (cases) => peer.client(ours.target, id, cases),
        guideCases[peer.name],
      );
    }
    await ours.stop();
    for (const peer of peers(context)) {
      if (peer.lastServer === undefined) continue;
      const last = await ServerProcess.start(process.execPath, [join(programs, "server.js"), transport, "0", "gzip"]);
      const id = `${peer.name}-last-${transport}`;
      await runLast(context, peer.name, "server", transport, last, id, (cases) => peer.client(last.target, id, cases));
    }
  }
}

/** The arguments of a pairing, without its cases. */
type PairingOf<Run extends (...args: never[]) => unknown> =
  Parameters<Run> extends [...infer First, Record<string, Expected>] ? First : never;

/** The cases that end with the server's own end. */
async function runLast(...pairing: PairingOf<typeof runPairing>): Promise<void> {
  const [{ results }, peer, ours, transport, server] = pairing;
  await runPairing(...pairing, lastCases);
  const code = await server.ownExit();
  const detail = code === undefined ? "it did not end" : `exit ${code}`;
  results.add({
    suite: "guides",
    peer,
    ours,
    transport,
    name: "the server's process ends by itself",
    ok: code === 0,
    detail,
  });
  await server.stop("SIGKILL");
}

/** The peers that are here, of those that were asked for. */
export function peers({ goPeers, python, tonic, javaClasses, peers: asked }: Context): Peer[] {
  const list: Peer[] = [];
  if (goPeers !== undefined) {
    const client = (target: string, id: string, cases: string): Command => [
      goPeers,
      ["client", "-target", target, "-id", id, "-cases", cases],
    ];
    list.push({ name: "go", server: [goPeers, ["server"]], client });
  }
  if (python !== undefined) {
    const { interpreter, env } = python;
    const program = (name: string): string => join(interop, "python", name);
    const client = (target: string, id: string, cases: string): Command => [
      interpreter,
      [program("client.py"), "--target", target, "--id", id, "--cases", cases],
      { env },
    ];
    list.push({ name: "python", server: [interpreter, [program("server.py")], { env }], client });
  }
  if (tonic !== undefined) {
    const client = (...args: string[]): Command => [tonic, ["client", ...args]];
    list.push({ name: "tonic", server: [tonic, ["server"]], lastServer: [tonic, ["server", "gzip"]], client });
  }
  if (javaClasses !== undefined) {
    // Quick to start, as these programs live for seconds.
    const java = (...args: string[]): Command => [
      "java",
      ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp", javaClasses, "Peers", ...args],
    ];
    const client = (...args: string[]): Command => java("client", ...args);
    list.push({ name: "grpc-java", server: java("server"), lastServer: java("server", "gzip"), client });
  }
  const node = (name: string): string => join(cache, "js", "peers-node", name);
  list.push({
    name: "grpc-js",
    server: [process.execPath, [node("chat-server.js"), guides.chat.folder]],
    client: (target, id, cases) => [process.execPath, [node("chat-client.js"), guides.chat.folder, target, id, cases]],
  });
  return list.filter(({ name }) => asked?.includes(name) ?? true);
}

async function runPairing(
  { results }: Context,
  peer: PeerName,
  ours: "client" | "server",
  transport: Transport,
  server: ServerProcess,
  id: string,
  client: (cases: string) => Command,
  cases: Record<string, Expected>,
): Promise<void> {
  const [command, args, options] = client(Object.keys(cases).join(","));
  const { stdout, stderr, code } = await exec(command, args, { ...options, timeoutMs: 120_000 });
  const verdicts = new Map<string, { ok: boolean; detail?: string }>();
  for (const line of stdout.split("\n").filter((line) => line.startsWith("{"))) {
    // Our own programs print them.
    const verdict = JSON.parse(line) as { case: string; ok: boolean; detail?: string };
    verdicts.set(verdict.case, verdict);
  }
  for (const [name, expected] of Object.entries(cases)) {
    const verdict = verdicts.get(name);
    const add = (ok: boolean, detail = ""): void =>
      results.add({ suite: "guides", peer, ours, transport, name, ok, detail });
    if (verdict === undefined) {
      add(false, `no verdict; the client ended with ${code}: ${stderr.slice(-500)}`);
    } else if (!verdict.ok) {
      add(false, verdict.detail);
    } else {
      const fault = judgeEnd(expected, await server.callEnd(`${id}/${name}`));
      add(fault === undefined, fault);
    }
  }
}
