import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll, pinned, repository } from "./packed.js";
import { runOk } from "./shell.js";

/** What a user starts from: an empty npm project, with both packages installed beside a folder of .proto files. */
export interface UserProject {
  readonly folder: string;
  remove(): Promise<void>;
}

/** The services of the guides; the file names under `protos/` are those of the fixtures. */
const fixtures = ["chat", "data", "report", "route-guide", "stream"];

export async function createUserProject(): Promise<UserProject> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "gen-stubs-project-")));
  const folder = join(root, "project");
  await mkdir(join(folder, "protos"), { recursive: true });
  const manifest = { name: "project", version: "1.0.0", private: true, type: "module" };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  for (const fixture of fixtures) {
    await cp(join(repository, "fixtures", fixture, "input"), join(folder, "protos"), { recursive: true });
  }
  const packed = await packAll(root);
  const packages = [
    packed["gen-stubs"].tarball,
    packed["gen-stubs-runtime"].tarball,
    ...(await Promise.all(
      ["@grpc/grpc-js", "@bufbuild/protobuf", "@types/node"].map(async (name) => `${name}@${await pinned(name)}`),
    )),
  ];
  await runOk(["npm", "install", "--ignore-scripts", ...packages], { cwd: folder });
  return { folder, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Type-checks with one of the TypeScript compilers of this repository, and writes JavaScript to `dist/`. */
export async function compile(
  project: UserProject,
  typescript: "typescript" | "typescript-5",
  compilerOptions: Readonly<Record<string, unknown>> = {},
  include: readonly string[] = ["src"],
): Promise<void> {
  const tsconfig = {
    compilerOptions: {
      target: "es2023",
      lib: ["es2023", "esnext.disposable"],
      types: ["node"],
      module: "nodenext",
      rootDir: "src",
      outDir: "dist",
      declaration: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      noImplicitOverride: true,
      noUnusedLocals: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      ...compilerOptions,
    },
    include,
  };
  const name = `tsconfig.${typescript}.json`;
  await writeFile(join(project.folder, name), JSON.stringify(tsconfig));
  const tsc = join(repository, "node_modules", typescript, "bin/tsc");
  await runOk([process.execPath, tsc, "-p", name], { cwd: project.folder });
}
