import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { encodeRequest } from "../descriptors/request.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { splitByCost } from "./chunks.js";
import type { GeneratedFile, MessageGenerator, MessageJob } from "./message-generator.js";
import { runPluginProcess } from "./plugin-process.js";

const packageName = "@bufbuild/protoc-gen-es";

// Files whose messages @bufbuild/protobuf/wkt exports.
const runtimeFiles: ReadonlySet<string> = new Set(
  [
    ...["any", "api", "cpp_features", "descriptor", "duration", "empty", "field_mask", "go_features", "java_features"],
    ...["source_context", "struct", "timestamp", "type", "wrappers", "compiler/plugin"],
  ].map((name) => `google/protobuf/${name}.proto`),
);

// Below this many bytes of types a second process costs more than it saves.
const minChunk = 200_000;

/** Messages by protoc-gen-es, run in its own processes from its package's `bin`. */
export const es: MessageGenerator = {
  name: "es",
  tool: "protoc-gen-es",
  sharedOptions: new Set(["target", "import_extension", "ts_nocheck"]),
  // Its version in the first line of each file would make a diff of every upgrade.
  defaults: new Map([["elide_plugin_version", "true"]]),
  endings: ["_pb.ts", "_pb.js", "_pb.d.ts"],
  brings: (file) => runtimeFiles.has(file),
  async generate(job: MessageJob): Promise<readonly GeneratedFile[]> {
    const script = findScript();
    const parameter = [...job.options].map(([key, value]) => (value === "" ? key : `${key}=${value}`)).join(",");
    const chunks = splitByCost(job.files, job.generate, availableParallelism(), minChunk);
    const results = await Promise.all(
      chunks.map(async (names) => {
        const made = await runPluginProcess(this.tool, script, encodeRequest(job.files, names, parameter));
        job.onProgress?.(names.length);
        return made;
      }),
    );
    return results.flat();
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
