import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesIn, type GoldenCase, goldenCases } from "../../scripts/golden/cases.js";
import { noCache } from "../../src/cache/cache.js";
import { generate } from "../../src/cli/generate.js";
import { noProject } from "../../src/cli/project/infer-options.js";
import { silent } from "../../src/cli/report/progress.js";
import { settle } from "../../src/cli/settings.js";
import { compile } from "../../src/compile/compile.js";
import type { PluginOption } from "../../src/descriptors/plugin-option.js";
import { messageGenerators } from "../../src/messages/index.js";
import { coldProcesses } from "../../src/messages/script-processes.js";

const root = process.cwd();
const cases = goldenCases(root).filter(({ expected }) => existsSync(expected));

describe("the command makes the same stubs of each fixture as the plugin, byte for byte", () => {
  test("the fixtures were found", () => expect(cases.length).toBeGreaterThan(45));

  test.for(cases.map((golden) => [golden.name, golden] as const))("%s", async ([, golden]) => {
    const expected = Object.fromEntries(
      filesIn(golden.expected).map((file) => [file, readFileSync(join(golden.expected, file), "utf8")]),
    );
    expect(await stubsOf(golden)).toEqual(expected);
  });
});

/** What the command would write but for messages, which take processes of their own and have tests of their own. */
async function stubsOf(golden: GoldenCase): Promise<Record<string, string>> {
  const options = golden.options.map(optionOf).filter(({ key }) => key !== "messages");
  const messagesOpt = options.filter(({ key }) => key === "ts_proto_opt").map(({ value }) => optionOf(value));
  const opt = options.filter(({ key }) => key !== "ts_proto_opt");
  const generator = { ...messageGenerators.get(golden.messages)!, generate: async () => [] };
  const settings = settle({ messages: golden.messages, opt, messagesOpt }, generator, {
    ...noProject,
    importExtension: "none",
  });
  const protoPaths = ["input", "include"].map((name) => join(golden.folder, name)).filter((path) => existsSync(path));
  const input = {
    paths: [join(golden.folder, "input")],
    protoPaths,
    descriptorSet: undefined,
    exclude: [],
    protoc: undefined,
  };
  const compiled = await compile({ ...input, cwd: root });
  const { outputs } = await generate(compiled, {
    ...settings,
    cwd: root,
    generator,
    includeImports: false,
    cache: noCache,
    processes: coldProcesses,
    progress: silent,
  });
  return Object.fromEntries(outputs.map(({ name, content }) => [name, content]));
}

function optionOf(text: string): PluginOption {
  const equals = text.indexOf("=");
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}
