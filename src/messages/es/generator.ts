import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parameterOf } from "../../descriptors/plugin-option.js";
import type { GeneratedFile } from "../../descriptors/response.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import type { CostModel } from "../chunks.js";
import type { MessageGenerator, MessageJob } from "../message-generator.js";
import { runInParts } from "../run-in-parts.js";
import { scriptIdentity } from "../script-identity.js";
import { mapEsModules } from "./modules.js";
import { wellKnown } from "./well-known.js";

const packageName = "@bufbuild/protoc-gen-es";

/**
 * Measured on protoc-gen-es 2.13: linear in files (about 3 ms each), quadratic in the types of one file (10 types 3 ms,
 * 100 types 70 ms, 1000 types 6 s, at about 140 encoded bytes a type); a process takes 270 ms to start.
 */
const cost: CostModel = ({ typeBytes }) => 2 + typeBytes * 0.0005 + (typeBytes / 1000) ** 2 * 0.3;

/** Messages by protoc-gen-es, run in its own processes from its package's `bin`. */
export const es: MessageGenerator = {
  name: "es",
  tool: "protoc-gen-es",
  sharedOptions: new Set([
    "target",
    "import_extension",
    "js_import_style",
    "ts_nocheck",
    "keep_empty_files",
    "rewrite_imports",
    "map_imports",
  ]),
  // Its version in the first line of each file would make a diff of every upgrade.
  defaults: [{ key: "elide_plugin_version", value: "true" }],
  independent: true,
  script: findScript,
  identity: () => scriptIdentity(packageName, findScript()),
  endings: ["_pb.ts", "_pb.js", "_pb.d.ts"],
  erasable: { key: "erasable_syntax", value: "true" },
  jsonTypes: { key: "json_types", value: "true" },
  brings: (file) => wellKnown.has(file),
  mapModules: mapEsModules,
  async generate(job: MessageJob): Promise<readonly GeneratedFile[]> {
    const run = { tool: this.tool, script: findScript(), parameter: parameterOf(job.options) };
    // A part of this size takes about 300 MB; twice that with one three times as dear.
    return runInParts(job, { ...run, cost, minCost: 500, maxCost: 3_000 });
  },
};

function findScript(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
    const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
    return join(dirname(manifest), typeof bin === "string" ? bin : bin["protoc-gen-es"]);
  } catch {
    throw new GenStubsError({
      code: "GS4001",
      message: `the package ${packageName} is not installed`,
      hint: "it is a dependency of gen-stubs: install gen-stubs again",
    });
  }
}
