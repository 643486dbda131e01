import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * A golden case: `fixtures/<name>/input/` are the files to generate, `include/` what they only import, `options` the
 * options of the plugin, one a line; `expected/` is what must come out, or `expected-error.txt` what protoc must print.
 * A case that says nothing of messages is one for either library: `expected-ts-proto/` is what comes out for ts-proto's.
 * With `messages=es` among its options it is one for protobuf-es alone.
 */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly options: readonly string[];
  readonly messages: "es" | "ts_proto";
  /** The folder of what must come out. */
  readonly expected: string;
  /** The file of what protoc must print instead. */
  readonly expectedError: string;
}

export function goldenCases(root: string): GoldenCase[] {
  const fixtures = join(root, "fixtures");
  return readdirSync(fixtures)
    .sort()
    .flatMap((name) => {
      const folder = join(fixtures, name);
      const options = readFileSync(join(folder, "options"), "utf8")
        .split("\n")
        .filter((line) => line !== "");
      const ofEs = { name, folder, options, messages: "es", ...expectedOf(folder, "") } as const;
      const ofTsProto = { ...ofEs, messages: "ts_proto", ...expectedOf(folder, "-ts-proto") } as const;
      if (options.includes("messages=ts_proto")) return [{ ...ofTsProto, ...expectedOf(folder, "") }];
      if (
        options.includes("messages=es") ||
        name.startsWith("error-") ||
        options.some((option) => option.includes("_pb.js"))
      )
        return [ofEs];
      return [ofEs, { ...ofTsProto, name: `${name}-ts-proto`, options: [...options, "messages=ts_proto"] }];
    });
}

function expectedOf(folder: string, suffix: string): Pick<GoldenCase, "expected" | "expectedError"> {
  return {
    expected: join(folder, `expected${suffix}`),
    expectedError: join(folder, `expected-error${suffix}.txt`),
  };
}

/** Runs protoc with a plugin over the inputs of a case. Resolves to what protoc prints where it fails. */
export async function runProtoc(
  root: string,
  golden: Pick<GoldenCase, "folder">,
  run: PluginRun,
): Promise<string | undefined> {
  if (run.keep !== true) rmSync(run.out, { recursive: true, force: true });
  mkdirSync(run.out, { recursive: true });
  const folders = [join(golden.folder, "input"), join(golden.folder, "include")].filter((folder) => existsSync(folder));
  const args = [
    ...folders.map((folder) => `-I${folder}`),
    `--plugin=protoc-gen-x=${resolve(root, run.plugin)}`,
    `--x_out=${run.out}`,
    ...run.options.map((option) => `--x_opt=${option}`),
    ...(run.from ?? ["input"]).flatMap((from) => filesIn(join(golden.folder, from))),
  ];
  return new Promise((done) =>
    execFile(protocBinary(root), args, (error, _, stderr) => done(error === null ? undefined : stderr)),
  );
}

/** The protoc of the npm package. Its own command is a script, which costs another start of Node. */
export function protocBinary(root: string): string {
  const name = binaries[`${process.platform} ${process.arch}`];
  if (name === undefined)
    throw new Error(`the npm package protoc has no binary for ${process.platform} ${process.arch}`);
  return join(root, "node_modules/protoc/bin", name);
}

/** What the npm package protoc calls its binaries. */
const binaries: Readonly<Record<string, string>> = {
  "linux x64": "protoc-linux-x86_64",
  "linux arm64": "protoc-linux-aarch_64",
  "darwin x64": "protoc-osx-x86_64",
  "darwin arm64": "protoc-osx-aarch_64",
  "win32 x64": "protoc-win64.exe",
};

export interface PluginRun {
  /** From the root of the repository. */
  readonly plugin: string;
  readonly options: readonly string[];
  readonly out: string;
  /** Keep what is in `out` already. */
  readonly keep?: boolean;
  /** Which files of the case are generated; by default, its input. */
  readonly from?: readonly ("input" | "include")[];
}

/** All files below a folder, with slashes, sorted. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

/** The plugin that makes the messages of a case, and what it is to be told to fit the case's options. */
export function messagePlugin(golden: GoldenCase): Pick<PluginRun, "plugin" | "options"> {
  return golden.messages === "es"
    ? { plugin: "node_modules/.bin/protoc-gen-es", options: esOptions(golden) }
    : { plugin: "node_modules/.bin/protoc-gen-ts_proto", options: tsProtoOptions(golden) };
}

function tsProtoOptions({ options }: GoldenCase): string[] {
  const extension = options.find((option) => option.startsWith("import_extension="))?.slice("import_extension=".length);
  const own = options.filter((option) => option.startsWith("ts_proto_opt=")).map((option) => option.slice(13));
  // Enums as objects: erasableSyntaxOnly has nothing against them.
  const shared = ["outputServices=none", "enumsAsLiterals=true", "esModuleInterop=true", ...own];
  return extension === undefined || extension === "none" ? shared : [...shared, `importSuffix=.${extension}`];
}

function esOptions({ options }: GoldenCase): string[] {
  const shared = options.filter((option) => /^(target|import_extension|map_imports)=/.test(option));
  const target = shared.some((option) => option.startsWith("target=")) ? [] : ["target=ts"];
  const json = options.includes("k6=true") ? ["json_types=true"] : [];
  return [...target, ...shared, "erasable_syntax=true", ...json];
}
