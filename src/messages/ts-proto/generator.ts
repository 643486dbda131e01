import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { optionValue, type PluginOption, parameterOf } from "../../descriptors/plugin-option.js";
import type { GeneratedFile } from "../../descriptors/response.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import type { CostModel } from "../chunks.js";
import type { MappedModules, MessageGenerator, MessageJob } from "../message-generator.js";
import { splitByRewrites } from "../rewrites.js";
import { runInParts } from "../run-in-parts.js";
import { scriptIdentity } from "../script-identity.js";

const packageName = "ts-proto";

/**
 * Measured on ts-proto 2.18.0: 200 ms to start, about 4.5 ms a type (155 encoded bytes), and superlinear in the types of
 * one file (300 types 2.2 s, 1000 types 10 s); 1 GB is reached at about 5,000 types in one process.
 */
const cost: CostModel = ({ typeBytes }) => 2 + typeBytes * 0.03 + (typeBytes / 1000) ** 2 * 0.25;

/** Messages by ts-proto, which is the user's own: its version is theirs to choose. */
export const tsProto: MessageGenerator = {
  name: "ts_proto",
  tool: "ts-proto",
  sharedOptions: new Set(["target", "import_extension", "rewrite_imports"]),
  defaults: [
    // The stubs stand in for these.
    { key: "outputServices", value: "none" },
    // Its version in each file would make a diff of every upgrade.
    { key: "annotateFilesWithVersion", value: "false" },
    { key: "esModuleInterop", value: "true" },
  ],
  erasable: { key: "enumsAsLiterals", value: "true" },
  // An index, a registry and types that files share depend on all of them.
  independent: false,
  script: findScript,
  identity: () => scriptIdentity(packageName, findScript()),
  endings: [".ts"],
  stubsOption: "ts_proto_opt",
  brings: () => false,
  mapModules,
  async generate(job: MessageJob): Promise<readonly GeneratedFile[]> {
    const run = { tool: this.tool, script: findScript(), parameter: parameterOf(ownOptions(job)) };
    return runInParts(job, { ...run, cost, minCost: 500, maxCost: 8_000 });
  },
};

/** `M<file>=<module>` is an option of ts-proto's own. */
function mapModules(options: readonly PluginOption[]): MappedModules {
  const modules = options.filter(({ key }) => /^M./.test(key));
  const named = new Set(modules.map(({ key }) => key.slice(1)));
  const rewrites = splitByRewrites(options);
  return { options: modules, elsewhere: (file) => named.has(file) || rewrites.find(modulePath(file)) !== undefined };
}

/** Shared options in ts-proto's words. Each key once: of two values it would make a list. */
function ownOptions({ files, options }: MessageJob): readonly PluginOption[] {
  const rewrites = splitByRewrites(options);
  const extension = optionValue(options, "import_extension") ?? "none";
  const own = new Map(rewrites.others.map((option) => [option.key, option]));
  for (const shared of ["target", "import_extension", "js_import_style"]) own.delete(shared);
  const importSuffix = extension === "none" || extension === "" ? "" : `.${extension.replace(/^\./, "")}`;
  const given = own.get("importSuffix");
  if (given !== undefined && given.value !== importSuffix) {
    throw new GenStubsError({
      code: "GS1004",
      message: `--messages-opt importSuffix=${given.value} contradicts import_extension=${extension}`,
      hint: "give --opt import_extension=none, js or ts: it goes to stubs and messages",
    });
  }
  own.set("importSuffix", { key: "importSuffix", value: importSuffix });
  own.set("emitImportedFiles", { key: "emitImportedFiles", value: "false" });
  for (const file of files.keys()) {
    const target = rewrites.find(modulePath(file));
    if (target !== undefined && !own.has(`M${file}`)) own.set(`M${file}`, { key: `M${file}`, value: target });
  }
  // A key without a value means nothing to ts-proto, as it reads its options.
  return [...own.values()].filter(({ value }) => value !== "");
}

function modulePath(file: string): string {
  return `./${file.replace(".proto", "")}.js`;
}

function findScript(): string {
  // The user's own, else the one that is installed beside us.
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      const manifest = createRequire(from).resolve(`${packageName}/package.json`);
      const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
      return join(dirname(manifest), bin["protoc-gen-ts_proto"]);
    } catch {
      // Looks on.
    }
  }
  throw new GenStubsError({
    code: "GS4001",
    message: `--messages ts_proto needs the package ${packageName}, which is not installed`,
    hint: `npm install --save-dev ${packageName}`,
  });
}
