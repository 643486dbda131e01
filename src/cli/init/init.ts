import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { isFolder, makeFolder } from "../../process/make-folder.js";
import { findConfig } from "../config/find-config.js";
import { neededByProject } from "../project/missing-packages.js";
import { nearestPackage, type ProjectPackage } from "../project/nearest-package.js";
import { editPackage } from "./edit-package.js";
import { exampleProto } from "./example-proto.js";

export interface InitOptions {
  readonly cwd: string;
  /** Folders of `.proto` files, as given; looked for where there are none. */
  readonly paths: readonly string[];
  readonly out: string | undefined;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

/** One thing that was done, or was there already. */
export interface Step {
  readonly state: "created" | "changed" | "kept";
  /** The file, relative to the project. */
  readonly file: string;
  readonly what: string;
}

export interface InitResult {
  readonly steps: readonly Step[];
  /** The commands to run next, at most two. */
  readonly next: readonly string[];
}

/**
 * Sets a project up. What is there already is kept.
 *
 * @throws GenStubsError GS1003 where there is no package.json, GS1005 where a folder named is not there.
 */
export function init(options: InitOptions): InitResult {
  const project = nearestPackage(options.cwd);
  if (project === undefined) {
    throw new GenStubsError({
      code: "GS1003",
      message: "there is no package.json here or above",
      hint: "npm init -y makes one",
    });
  }
  const { folder } = project;
  const write = (file: string, content: string): void => {
    if (options.dryRun) return;
    const path = join(folder, file);
    makeFolder(dirname(path));
    writeFileSync(path, content);
  };
  const steps: Step[] = [];
  const protos = protoFolders(options, project);
  if (protos === undefined) {
    write("protos/greeter.proto", exampleProto);
    steps.push({ state: "created", file: "protos/greeter.proto", what: "an example, with all four kinds of call" });
  }
  const paths = protos ?? ["protos"];
  const out =
    options.out === undefined ? defaultOut(folder) : posix(relative(folder, resolve(options.cwd, options.out)));
  steps.push(configStep(project, paths, out, write));
  const edited = editPackage(readFileSync(join(folder, "package.json"), "utf8"));
  if (edited.text === undefined) steps.push({ state: "kept", file: "package.json", what: edited.what });
  else {
    write("package.json", edited.text);
    steps.push({ state: "changed", file: "package.json", what: edited.what });
  }
  steps.push(attributesStep(folder, out, write));
  return { steps, next: [...neededByProject(project), edited.command] };
}

/** Folders with `.proto` files, relative to the project; `undefined` where it has none. */
function protoFolders({ cwd, paths }: InitOptions, { folder }: ProjectPackage): readonly string[] | undefined {
  if (paths.length > 0) {
    return paths.map((path) => {
      if (statSync(resolve(cwd, path), { throwIfNoEntry: false }) === undefined) {
        throw new GenStubsError({ code: "GS1005", message: `"${path}" does not exist` });
      }
      return posix(relative(folder, resolve(cwd, path))) || ".";
    });
  }
  const usual = ["protos", "proto", "api/proto", "api/protos", "src/protos", "src/proto", "api"];
  const found = usual.filter((name) => hasProtos(join(folder, name)));
  if (found[0] !== undefined) return [found[0]];
  return readdirSync(folder).some((name) => name.endsWith(".proto")) ? ["."] : undefined;
}

function hasProtos(folder: string): boolean {
  if (!isFolder(folder)) return false;
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).some(
    (name) => name.endsWith(".proto") && !name.split(sep).includes("node_modules"),
  );
}

function defaultOut(folder: string): string {
  return existsSync(join(folder, "src")) ? "src/gen" : "gen";
}

function configStep(
  { folder }: ProjectPackage,
  paths: readonly string[],
  out: string,
  write: (file: string, content: string) => void,
): Step {
  const found = findConfig(folder);
  if (found !== undefined) return { state: "kept", file: posix(relative(folder, found)), what: "the config there is" };
  const typescript = existsSync(join(folder, "tsconfig.json"));
  const file = typescript ? "gen-stubs.config.ts" : "gen-stubs.config.mjs";
  const given = paths.length === 1 ? JSON.stringify(paths[0]) : JSON.stringify(paths).replaceAll(",", ", ");
  write(
    file,
    `import { defineConfig } from "gen-stubs/config";

export default defineConfig({
  paths: ${given},
  out: ${JSON.stringify(out)},
  // Options of the stubs, such as JavaScript with declarations:
  // opt: { target: "js+dts" },
});
`,
  );
  return { state: "created", file, what: `from ${paths.join(", ")} to ${out}` };
}

/** Generated files are marked, so that GitHub folds them in reviews and leaves them out of statistics. */
function attributesStep(folder: string, out: string, write: (file: string, content: string) => void): Step {
  const path = join(folder, ".gitattributes");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const line = `${out}/** linguist-generated=true`;
  const step = { file: ".gitattributes", what: line } as const;
  if (before.split(/\r?\n/).some((known) => known.startsWith(`${out}/** `))) return { ...step, state: "kept" };
  write(".gitattributes", `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${line}\n`);
  return { ...step, state: before === "" ? "created" : "changed" };
}

function posix(path: string): string {
  return path.split(sep).join("/");
}
