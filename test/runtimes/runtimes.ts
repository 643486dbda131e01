import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../support/packed.js";
import { runOk } from "../support/shell.js";

/** A runtime that comes as an npm package, for the platform that we are on. */
export interface Runtime {
  /** As the table calls it: `Node 22`. */
  readonly name: string;
  readonly version: string;
  /** The command that runs a file. */
  readonly command: readonly [string, ...string[]];
}

interface Wanted {
  readonly name: string;
  readonly packageName: string;
  readonly version: string;
  readonly binary: string;
  readonly args: readonly string[];
}

const node = (version: string): Wanted => ({
  name: `Node ${version}`,
  packageName: `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`,
  version,
  binary: process.platform === "win32" ? "bin/node.exe" : "bin/node",
  args: [],
});

/** Their packages for one platform, whose binaries are in the tarball: those without a platform run install scripts. */
const others: readonly Wanted[] = [
  {
    name: "Bun",
    packageName: `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`,
    version: "1.4.5",
    binary: "bin/bun",
    args: [],
  },
  {
    name: "Deno",
    packageName: `@deno/${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`,
    version: "2.9.6",
    binary: "deno",
    args: ["run", "--quiet", "--allow-all"],
  },
];

export const allRuntimes: readonly Wanted[] = [node("20.19"), node("22"), node("24"), node("26"), ...others];

/** Installs one into `.cache/runtimes`, unless it is there. */
export async function install({ name, packageName, version, binary, args }: Wanted): Promise<Runtime> {
  const folder = join(repository, ".cache/runtimes", name.replace(" ", "-"));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), "{}");
  await runOk(["npm", "install", "--ignore-scripts", `${packageName}@${version}`], { cwd: folder });
  const program = join(folder, "node_modules", packageName, binary);
  const { stdout } = await runOk([program, "--version"], { cwd: folder });
  return { name, version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? version, command: [program, ...args] };
}

/** The Node that runs the tests. */
export const ownNode: Runtime = {
  name: `Node ${process.versions.node}`,
  version: process.versions.node,
  command: [process.execPath],
};
