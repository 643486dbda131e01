import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execOk, firstLine } from "./exec.js";
import { once } from "./once.js";
import { bin, cache, guides, interop } from "./paths.js";

interface GoTool {
  readonly name: string;
  readonly package: string;
  readonly module: string;
  readonly version: string;
  /** Versions of what it needs, where it is too old to have a go.mod. */
  readonly requires?: readonly string[];
}

/** What is there to run peers with; undefined where a toolchain is missing. */
export interface Toolchains {
  readonly go: string | undefined;
  readonly python: string | undefined;
  readonly cargo: string | undefined;
  /** Of the Java that Maven and javac belong to. */
  readonly java: string | undefined;
}

export async function findToolchains(): Promise<Toolchains> {
  const python = await firstLine("python3", ["-c", "import sys, venv; print('Python', sys.version.split()[0])"]);
  const maven =
    (await firstLine("mvn", ["-v"])) !== undefined && (await firstLine("javac", ["-version"])) !== undefined;
  return {
    go: await firstLine("go", ["version"]),
    python,
    cargo: await firstLine("cargo", ["--version"]),
    java: maven ? await firstLine("java", ["-version"]) : undefined,
  };
}

export async function readVersions(): Promise<readonly GoTool[]> {
  const text = await readFile(join(interop, "versions.json"), "utf8");
  return (JSON.parse(text) as { go: GoTool[] }).go;
}

/**
 * Builds a Go program at its pinned version. Each has a module of its own in the cache, so that it gets the versions its
 * own go.mod asks for. (`go install module@version` would do the same, but asks the proxy for the list of all versions.)
 */
export async function installGoTool(name: string): Promise<string> {
  const tool = (await readVersions()).find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`versions.json has no ${name}`);
  const target = join(bin, name);
  await once(`go-${name}`, `${tool.package}@${tool.version}`, async () => {
    const folder = join(cache, "tools", name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await mkdir(bin, { recursive: true });
    const requires = [`${tool.module} ${tool.version}`, ...(tool.requires ?? [])].map((line) => `require ${line}\n`);
    await writeFile(join(folder, "go.mod"), `module tool\n\ngo 1.26\n\n${requires.join("")}`);
    const args = ["go", "build", "-mod=mod", "-buildvcs=false", "-o", target, tool.package];
    await execOk("nice", args, { cwd: folder, timeoutMs: 900_000 });
  });
  return target;
}

/** Where Go keeps the source of a tool's module: some bring .proto files. */
export async function moduleFolder(name: string): Promise<string> {
  const tool = (await readVersions()).find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`versions.json has no ${name}`);
  const download = ["mod", "download", "-json", `${tool.module}@${tool.version}`];
  const { stdout } = await execOk("go", download, { cwd: cache, timeoutMs: 300_000 });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** The path of the protoc that comes with the npm package. */
export async function protocPath(): Promise<string> {
  const packageJson = createRequire(import.meta.url).resolve("protoc/package.json");
  const assets = JSON.parse(await readFile(join(dirname(packageJson), "assets.json"), "utf8")) as {
    platform: string;
    arch: string;
    executable: string;
  }[];
  const asset = assets.find(({ platform, arch }) => platform === process.platform && arch === process.arch);
  if (asset === undefined) throw new Error(`no protoc for ${process.platform} ${process.arch}`);
  return join(dirname(packageJson), "bin", asset.executable);
}

/** Generates the Go messages and stubs of the guides' services into the cache, and builds the Go peers. */
export async function buildGoPeers(): Promise<string> {
  const target = join(bin, "go-peers");
  const plugins = [await installGoTool("protoc-gen-go"), await installGoTool("protoc-gen-go-grpc")];
  const folder = join(cache, "go-pb");
  await mkdir(folder, { recursive: true });
  const goMod = await readFile(join(interop, "go", "go.mod"), "utf8");
  const pins = goMod.match(/\tgoogle\.golang\.org\/(?:grpc|protobuf) v\S+/g) ?? [];
  await writeFile(join(folder, "go.mod"), `module interop.test/pb\n\ngo 1.26\n\nrequire (\n${pins.join("\n")}\n)\n`);
  for (const name of ["report", "stream", "data"] as const) {
    const { folder: protos, file } = guides[name];
    const mapping = `module=interop.test/pb,M${file}=interop.test/pb/${name}`;
    await execOk(await protocPath(), [
      `--proto_path=${protos}`,
      ...plugins.map((plugin) => `--plugin=${plugin}`),
      `--go_out=${folder}`,
      `--go_opt=${mapping}`,
      `--go-grpc_out=${folder}`,
      `--go-grpc_opt=${mapping}`,
      file,
    ]);
  }
  // Quick where nothing changed: Go keeps what it built.
  await execOk("nice", ["go", "build", "-buildvcs=false", "-o", target, "."], {
    cwd: join(interop, "go"),
    timeoutMs: 600_000,
  });
  return target;
}

/** Builds the peer of connect-go, over the messages that {@link buildGoPeers} has generated. */
export async function buildConnectGoPeer(): Promise<string> {
  const target = join(bin, "connect-go-peer");
  const cwd = join(interop, "go-connect");
  await execOk("nice", ["go", "build", "-buildvcs=false", "-o", target, "."], { cwd, timeoutMs: 600_000 });
  return target;
}

/** The interpreter of a virtual environment with the pinned packages, and the environment its programs need. */
export interface Python {
  readonly interpreter: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function buildPythonPeers(): Promise<Python> {
  const requirements = join(interop, "python", "requirements.txt");
  const venv = join(cache, "venv");
  const interpreter = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  await once("python", await readFile(requirements, "utf8"), async () => {
    await rm(venv, { recursive: true, force: true });
    await execOk("python3", ["-m", "venv", venv], { timeoutMs: 120_000 });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    await execOk(interpreter, [...install, "-r", requirements], { timeoutMs: 300_000 });
  });
  const generated = join(cache, "python-pb");
  await mkdir(generated, { recursive: true });
  const { folder, file } = guides.data;
  const out = [`--python_out=${generated}`, `--grpc_python_out=${generated}`];
  await execOk(interpreter, ["-m", "grpc_tools.protoc", `--proto_path=${folder}`, ...out, file]);
  return { interpreter, env: { PYTHONPATH: generated, PYTHONDONTWRITEBYTECODE: "1" } };
}

/** Whether a file is there. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
