import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { errnoOf, runProcess } from "../process/run-process.js";

export interface Protoc {
  readonly path: string;
  /** Where it came from, for messages. */
  readonly origin: "--protoc" | "npm" | "PATH";
  /** E.g. `36.2`. */
  readonly version: string;
}

/** protoc 15 (then called 3.15) was the first to take `optional` in proto3 without a flag. */
const minimum = 15;

/** An entry of the list that the npm package keeps of its binaries. */
export interface Asset {
  readonly platform: string;
  readonly arch: string;
  readonly executable: string;
}

/**
 * Finds the protoc to use: the path given, else the one in the npm package `protoc`, else the one on PATH.
 *
 * @throws GenStubsError GS2008 when there is none, GS2009 when it is too old, GS2010 when it does not run.
 */
export async function findProtoc(given: string | undefined, cwd: string): Promise<Protoc> {
  if (given !== undefined) {
    const path = /[\\/]/.test(given) ? resolve(cwd, given) : (onPath(given) ?? resolve(cwd, given));
    if (!existsSync(path)) throw new GenStubsError({ code: "GS2008", message: `--protoc: "${given}" does not exist` });
    return { path, origin: "--protoc", version: await checkedVersion(path) };
  }
  const embedded = embeddedProtoc();
  // The package's version is that of its binary: no need to start it to ask.
  if (embedded !== undefined) return { ...embedded, origin: "npm" };
  const path = onPath("protoc");
  if (path !== undefined) return { path, origin: "PATH", version: await checkedVersion(path) };
  throw new GenStubsError({
    code: "GS2008",
    message: `no protoc: the npm package "protoc" has no binary for ${process.platform}-${process.arch}, and there is none on PATH`,
    hint: `install protoc 32.0 or later and name it with --protoc, or compile elsewhere and use --descriptor-set`,
  });
}

/** The binary inside the npm package, by the list that the package keeps of them. */
function embeddedProtoc(): { path: string; version: string } | undefined {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve("protoc/package.json"));
    const assets: readonly Asset[] = JSON.parse(readFileSync(join(folder, "assets.json"), "utf8"));
    const { upstreamVersion } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const executable = embeddedAsset(assets, process.platform, process.arch);
    if (executable === undefined) return undefined;
    const path = join(folder, "bin", executable);
    makeExecutable(path);
    return { path, version: String(upstreamVersion).replace(/^v/, "") };
  } catch (error) {
    if (error instanceof GenStubsError) throw error;
    // The package is not there, or not as we know it.
    return undefined;
  }
}

/** The binary for a system, or `undefined` where the package has none. */
export function embeddedAsset(assets: readonly Asset[], platform: string, arch: string): string | undefined {
  const fits = (wanted: string): Asset | undefined =>
    assets.find((asset) => asset.platform === platform && asset.arch === wanted);
  // Windows on arm64 runs x64 programs.
  return (fits(arch) ?? (platform === "win32" ? fits("x64") : undefined))?.executable;
}

/** Some installers drop the executable bit. */
function makeExecutable(path: string): void {
  const { mode } = statSync(path);
  if (process.platform === "win32" || (mode & 0o111) !== 0) return;
  try {
    chmodSync(path, mode | 0o755);
  } catch (error) {
    throw new GenStubsError({
      code: "GS2010",
      message: `${path} is not executable, and cannot be made so (${errnoOf(error) ?? String(error)})`,
      hint: "make it executable, or name another protoc with --protoc",
    });
  }
}

function onPath(name: string): string | undefined {
  const names = process.platform === "win32" && !name.endsWith(".exe") ? [`${name}.exe`] : [name];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const file of names) {
      const path = join(folder, file);
      if (folder !== "" && existsSync(path) && statSync(path).isFile()) return path;
    }
  }
  return undefined;
}

async function checkedVersion(path: string): Promise<string> {
  const result = await runProcess(path, ["--version"]).catch((error: unknown) => {
    throw new GenStubsError({ code: "GS2010", message: `${path} could not be started: ${String(error)}` });
  });
  const version = /^libprotoc (\d+(?:\.\d+)+)/.exec(result.stdout.toString("utf8"))?.[1];
  if (version === undefined) {
    throw new GenStubsError({
      code: "GS2010",
      message: `${path} is not protoc: "${path} --version" did not answer "libprotoc …"`,
    });
  }
  if (majorVersion(version) < minimum) {
    throw new GenStubsError({
      code: "GS2009",
      message: `${path} is protoc ${version}; at least ${minimum}.0 is needed`,
      hint: 'leave --protoc out: the npm package "protoc" that comes with gen-stubs has a newer one',
    });
  }
  return version;
}

/** Before 22.0 the compiler's version had a 3 in front: "3.21.12" is protoc 21.12. */
export function majorVersion(version: string): number {
  return Number(/^3\.(\d+)/.exec(version)?.[1] ?? version.split(".")[0]);
}
