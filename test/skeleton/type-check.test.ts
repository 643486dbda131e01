import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { noCache } from "../../src/cache/cache.js";
import { runCommand } from "../../src/cli/command.js";
import { silent } from "../../src/cli/report/progress.js";
import { runSkeleton } from "../../src/cli/skeleton/run-skeleton.js";
import type { Options } from "../../src/cli/usage/options.js";
import { coldProcesses } from "../../src/messages/script-processes.js";
import { compilers, typeCheck } from "../golden/type-check.js";

const root = process.cwd();
const folder = join(root, ".cache/skeleton");

/** Fixtures with odd names, and all kinds; the services of each. */
const fixtures = {
  chat: ["chat.Chat"],
  "route-guide": ["main.FeatureExplorer", "main.RouteGuide"],
  "method-names": ["names.Names"],
  "message-names": ["names.Names"],
  "well-known-types": ["wkt.WellKnown"],
} as const;

function optionsFor(fixture: string, messages: string, more: Partial<Options> = {}): Options {
  return {
    paths: [join("fixtures", fixture, "input")],
    protoPaths: [],
    out: join(folder, messages, fixture, "gen"),
    messages,
    opt: [{ key: "import_extension", value: "js" }],
    messagesOpt:
      messages === "es" ? [{ key: "erasable_syntax", value: "true" }] : [{ key: "enumsAsLiterals", value: "true" }],
    descriptorSet: undefined,
    protoc: undefined,
    exclude: [],
    includeImports: true,
    check: false,
    clean: false,
    dryRun: false,
    formatWith: undefined,
    cache: false,
    watch: false,
    config: undefined,
    command: undefined,
    format: "text",
    quiet: true,
    ...more,
  };
}

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const messages of ["es", "ts_proto"]) {
    for (const [fixture, services] of Object.entries(fixtures)) {
      const options = optionsFor(fixture, messages);
      await runCommand(options, { cwd: root, progress: silent, cache: noCache, processes: coldProcesses });
      for (const style of ["class", "object"] as const) {
        // All services of a file in one file of the user's.
        const to = join(folder, messages, fixture, `${style}.ts`);
        for (const service of services) {
          await runSkeleton({ outputs: [options], service, to, style }, { cwd: root, cache: noCache });
        }
      }
    }
  }
}, 300_000);

describe("skeletons compile as they are, with every flag on", () => {
  test.each(Object.keys(compilers) as (keyof typeof compilers)[])("%s", { timeout: 120_000 }, (compiler) => {
    const include = Object.keys(fixtures).flatMap((fixture) =>
      ["es", "ts_proto"].flatMap((messages) =>
        ["class", "object"].map((style) => `${messages}/${fixture}/${style}.ts`),
      ),
    );
    expect(typeCheck(root, { compiler, folder, module: "NodeNext", include })).toBe("");
  });
});
