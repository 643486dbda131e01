import { cp, mkdir, mkdtemp, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { allRuntimes, install } from "../runtimes/runtimes.js";
import { type packAll, pinned, repository } from "../support/packed.js";
import { run } from "../support/shell.js";
import { printed } from "./program.js";
import type { ProjectKind } from "./project-kinds.js";

/** What happened in a project: `yes`, what went wrong, or `–` where there was nothing to do. */
export interface Outcome {
  readonly installs: string;
  readonly generates: string;
  readonly typeChecks: string;
  /** Serves and calls: one process that does both, over a socket. */
  readonly runs: string;
  /** Bytes of what was bundled. */
  readonly size?: number;
}

/** Makes a project of the kind from nothing, and does in it what its users do. Stops where something fails. */
export async function tryKind(kind: ProjectKind, packed: Awaited<ReturnType<typeof packAll>>): Promise<Outcome> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "gen-stubs-kind-")));
  const folder = join(root, "project");
  try {
    await mkdir(folder);
    const files = { "package.json": JSON.stringify({ private: true, ...kind.manifest }), ...kind.files };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), withTarballs(text, packed));
    }
    await cp(join(repository, "test/platforms/protos"), join(folder, "protos"), { recursive: true });
    const path = [join(folder, "node_modules/.bin"), ...(await runtimePath(kind)), process.env["PATH"] ?? ""];
    const attempt = async (script: string, prints: string | RegExp = ""): Promise<string> => {
      const { code, output } = await run(script, { cwd: folder, env: { PATH: path.join(delimiter) } });
      const matches = typeof prints === "string" ? output.includes(prints) : prints.test(output);
      return code === 0 && matches ? "yes" : `no: exit ${code}\n${output}`;
    };
    const ours = [packed["gen-stubs"].tarball, packed["gen-stubs-runtime"].tarball];
    const protobuf = `@bufbuild/protobuf@${kind.protobuf ?? (await pinned("@bufbuild/protobuf"))}`;
    const all = [...ours, protobuf, ...(kind.packages ?? [])];
    const installs = await attempt(kind.install ?? `npm install --ignore-scripts ${all.join(" ")}`);
    const none = { installs, generates: "–", typeChecks: "–", runs: "–" };
    if (installs !== "yes") return none;
    const generates = await attempt(`${kind.command ?? "gen-stubs protos --out src/gen"} ${kind.generate ?? ""}`);
    if (generates !== "yes") return { ...none, generates };
    const typeChecks = kind.check === undefined ? "–" : await attempt(kind.check);
    if (typeChecks.startsWith("no")) return { ...none, generates, typeChecks };
    const runs = await attempt(kind.run, kind.prints ?? printed);
    const size = kind.size === undefined || runs !== "yes" ? {} : { size: (await stat(join(folder, kind.size))).size };
    return { installs, generates, typeChecks, runs, ...size };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A manifest names `gen-stubs` and `gen-stubs-runtime` as `TARBALL_gen-stubs` where it cannot be told on a command line. */
function withTarballs(text: string, packed: Awaited<ReturnType<typeof packAll>>): string {
  return text.replace(/TARBALL_(gen-stubs-runtime|gen-stubs)/g, (_, name: keyof typeof packed) => packed[name].tarball);
}

async function runtimePath({ runtime }: ProjectKind): Promise<string[]> {
  const wanted = allRuntimes.find(({ name }) => name === runtime);
  return wanted === undefined ? [] : [dirname((await install(wanted)).command[0])];
}
