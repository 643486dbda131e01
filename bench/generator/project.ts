import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeRequest } from "../../src/descriptors/request.js";
import { runPluginProcess } from "../../src/messages/plugin-process.js";
import { coldProcesses } from "../../src/messages/script-processes.js";
import type { Tree } from "./inputs.js";

/** What a project has generated. */
export const variants = ["nothing", "protoc-gen-es alone", "gen-stubs", "ts-proto, grpc-js"] as const;
export type Variant = (typeof variants)[number];

/** A project of a user's, with generated code in `gen/` and a file that imports all of it, beside nothing else. */
export interface GeneratedProject {
  readonly variant: Variant;
  readonly folder: string;
  /** Generated files. */
  readonly files: readonly string[];
  readonly bytes: number;
}

const es = ["node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es", "target=ts,import_extension=js"] as const;
const stubs = ["bin/protoc-gen-stubs.js", "target=ts,import_extension=js"] as const;
const tsProto = [
  "node_modules/ts-proto/protoc-gen-ts_proto",
  "outputServices=grpc-js,esModuleInterop=true,importSuffix=.js,env=node",
] as const;
const plugins: Readonly<Record<Variant, readonly (readonly [string, string])[]>> = {
  nothing: [],
  "protoc-gen-es alone": [es],
  "gen-stubs": [es, stubs],
  "ts-proto, grpc-js": [tsProto],
};

/** Generates a tree as each kind of project would. */
export async function generateProjects(root: string, cache: string, tree: Tree): Promise<readonly GeneratedProject[]> {
  const projects: GeneratedProject[] = [];
  for (const variant of variants) {
    const folder = join(cache, tree.title.replace(/\W+/g, "-"), variant.replace(/\W+/g, "-"));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const made = new Map<string, string>();
    for (const [script, parameter] of plugins[variant]) {
      // Messages that are only imported are generated too, but for protobuf's own where a runtime brings them.
      const names = variant === "ts-proto, grpc-js" ? tree.names : withImports(tree);
      const request = encodeRequest(tree.files, names, parameter);
      for (const { name, content } of await runPluginProcess(variant, join(root, script), request, coldProcesses))
        made.set(name, content);
    }
    for (const [name, content] of made) write(join(folder, "gen", name), content);
    const modules = [...made.keys()].map((name) => name.replace(/\.ts$/, ".js"));
    const tops = variant === "gen-stubs" ? modules.filter((name) => name.endsWith("_grpc.js")) : modules;
    write(
      join(folder, "main.ts"),
      tops.map((name) => `import ${JSON.stringify(`./gen/${name}`)};\n`).join("") || "export {};\n",
    );
    writeConfig(folder);
    const bytes = [...made.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
    projects.push({ variant, folder, files: [...made.keys()], bytes });
  }
  return projects;
}

function withImports({ files, names }: Tree): readonly string[] {
  const wanted = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (wanted.has(name) || name.startsWith("google/protobuf/")) continue;
    wanted.add(name);
    open.push(...(files.get(name)?.dependencies ?? []));
  }
  return [...files.keys()].filter((name) => wanted.has(name));
}

function writeConfig(folder: string): void {
  write(join(folder, "package.json"), '{ "type": "module" }\n');
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2023", "ESNext.Disposable"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    strict: true,
    skipLibCheck: true,
    rootDir: ".",
    outDir: "out",
    types: ["node"],
  };
  write(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"], include: ["gen"] }));
}

/** Emits JavaScript. Type errors are not what this is about. */
export function emit(root: string, { folder }: GeneratedProject): void {
  spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
