import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOk } from "./shell.js";

/** The root of this repository. */
export const repository: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** One package as `npm pack` made it. */
export interface PackedPackage {
  readonly tarball: string;
  readonly files: readonly string[];
  /** Bytes of the tarball, and of all files in it. */
  readonly size: number;
  readonly unpackedSize: number;
}

/** Packs what is built. Names are those of the packages. */
export async function packAll(
  into: string,
): Promise<Readonly<Record<"gen-stubs" | "gen-stubs-runtime", PackedPackage>>> {
  return { "gen-stubs": await pack(".", into), "gen-stubs-runtime": await pack("src/runtime", into) };
}

async function pack(folder: string, into: string): Promise<PackedPackage> {
  const { stdout } = await runOk(["npm", "pack", "--json", "--ignore-scripts", `--pack-destination=${into}`], {
    cwd: join(repository, folder),
  });
  // npm's own format, documented with `npm pack --json`; an array up to npm 11, an object by name in some versions.
  const parsed: PackResult[] | Record<string, PackResult> = JSON.parse(stdout);
  const [result] = Object.values(parsed);
  if (result === undefined) throw new Error(`npm pack printed no result: ${stdout}`);
  return {
    tarball: join(into, result.filename),
    files: result.files.map(({ path }) => path),
    size: result.size,
    unpackedSize: result.unpackedSize,
  };
}

interface PackResult {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** The dependencies that this repository tests with, so that tests install the same versions. */
export async function pinned(name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
  const version = manifest.dependencies?.[name] ?? manifest.devDependencies?.[name];
  if (typeof version !== "string") throw new Error(`package.json does not name ${name}`);
  return version.replace(/^npm:.*@/, "");
}
