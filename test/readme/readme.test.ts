import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../support/packed.js";
import { type Block, codeBlocks } from "./blocks.js";
import { matchesOutput } from "./expected-output.js";
import { ReadmeProject } from "./project.js";
import { exportedNames, promisedLines, snippetProgram } from "./snippet.js";

const readme = readFileSync(join(repository, "README.md"), "utf8");
const blocks = codeBlocks(readme);

/**
 * Follows the README from top to bottom in an empty project: files are written, commands are run, snippets are run
 * after what came before them, and what is said to be printed must be printed.
 */
describe("README", () => {
  let project: ReadmeProject;
  /** What the block before printed. */
  let printed: string | undefined;

  beforeAll(async () => {
    project = await ReadmeProject.create();
  }, 120_000);

  afterAll(() => project?.stop());

  for (const block of blocks) {
    test(`line ${block.line}: ${block.language}`, { timeout: 300_000 }, async () => {
      const kind = kinds.find(({ applies }) => applies(block));
      if (kind === undefined)
        throw new Error(`nothing runs this block: ${block.language} ${[...block.attributes.keys()]}`);
      printed = await kind.run(block, project, printed);
    });
  }

  test("every file is used by a command", () => {
    const commands = blocks
      .filter(({ language }) => language === "sh")
      .map(({ text }) => text)
      .join("\n");
    const unused = blocks
      .flatMap(({ attributes }) => attributes.get("file") ?? [])
      .filter((file) => !file.startsWith(".github/workflows/"))
      .filter((file) => {
        if (file === "buf.gen.yaml") return !commands.includes("buf generate");
        return !commands.includes(file) && !commands.includes(file.split("/")[0] + "/");
      });
    expect(unused).toEqual([]);
  });

  test("its programs type-check", async () => {
    expect((await compiled(project)).filter((error) => !error.includes("snippet-"))).toEqual([]);
  });
});

/** As the README says: the same files, without the command that makes it a project of ES modules. */
describe("README's quick start in a CommonJS project", () => {
  const end = readme.slice(0, readme.indexOf("\n## The four kinds")).split("\n").length;
  let project: ReadmeProject;
  let printed: string | undefined;

  beforeAll(async () => {
    project = await ReadmeProject.create();
  }, 120_000);

  afterAll(() => project?.stop());

  for (const block of blocks.filter(({ line }) => line < end)) {
    test(`line ${block.line}: ${block.language}`, { timeout: 300_000 }, async () => {
      const kind = kinds.find(({ applies }) => applies(block))!;
      const text = block.text.replace("npm pkg set type=module", "npm pkg set type=commonjs");
      printed = await kind.run({ ...block, text }, project, printed);
    });
  }

  test("it was one", async () => {
    const { type } = JSON.parse(await readFile(join(project.folder, "package.json"), "utf8"));
    expect(type).toBe("commonjs");
  });
});

const isSnippet = ({ language, attributes }: Block): boolean =>
  language === "ts" && !attributes.has("file") && !attributes.has("excerpt");

let errors: Promise<readonly string[]> | undefined;

/** Compiles all programs and snippets, once, after the stubs were generated. Returns the compiler's errors. */
function compiled(project: ReadmeProject): Promise<readonly string[]> {
  errors ??= (async () => {
    const context = await readFile(new URL("./snippet-context.ts", import.meta.url), "utf8");
    await project.write("src/snippet-context.ts", context);
    for (const { text, line } of blocks.filter(isSnippet)) {
      await project.write(`src/snippet-${line}.ts`, snippetProgram(text, exportedNames(context)));
    }
    const flags =
      "--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noImplicitOverride --skipLibCheck";
    const target = "--module nodenext --target es2023 --lib es2023,esnext.disposable --types node";
    const { output } = await project.sh(`npx tsc ${flags} ${target} --rootDir . --outDir build src/*.ts`);
    return output.split("\n").filter((text) => text !== "");
  })();
  return errors;
}

async function snippetErrors(project: ReadmeProject, line: number): Promise<readonly string[]> {
  return (await compiled(project)).filter(
    (error) =>
      /^src\/snippet-(\d+|context)/.exec(error)?.[0] === `src/snippet-${line}` || error.includes("snippet-context"),
  );
}

interface Kind {
  applies(block: Block): boolean;
  /** Returns what was printed. */
  run(block: Block, project: ReadmeProject, before: string | undefined): Promise<string | undefined>;
}

const kinds: readonly Kind[] = [
  {
    applies: ({ attributes }) => attributes.has("file"),
    async run({ attributes, text }, project) {
      const file = attributes.get("file") ?? "";
      await project.write(file, text);
      if (file.startsWith(".github/workflows/")) return await runWorkflow(text, project);
      return undefined;
    },
  },
  {
    applies: ({ attributes }) => attributes.has("excerpt"),
    async run({ attributes, text }, project) {
      const lines = (await readFile(join(project.folder, attributes.get("excerpt") ?? ""), "utf8")).split("\n");
      let from = 0;
      for (const line of text.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "…")) {
        const found = lines.findIndex((candidate, index) => index >= from && candidate.trim() === line.trim());
        expect(found, `not there, or not in this order: ${line}`).toBeGreaterThanOrEqual(0);
        from = found + 1;
      }
      return undefined;
    },
  },
  {
    applies: ({ language, attributes }) => language === "sh" && attributes.has("repo"),
    run: ({ text }) => runInRepository(text),
  },
  {
    applies: ({ language, attributes }) => language === "sh" && attributes.has("background"),
    run: async ({ text }, project) => (await project.background(text)).output,
  },
  {
    applies: ({ language }) => language === "sh",
    async run({ text, attributes }, project) {
      const { code, output } = await project.sh(text);
      expect(code, output).toBe(Number(attributes.get("exit") ?? 0));
      if (/\bnpm install\b/.test(text)) errors = undefined; // what did not compile for want of a package may now
      return output;
    },
  },
  {
    applies: ({ language }) => language === "text",
    async run({ text }, _project, before) {
      if (before === undefined) throw new Error("nothing before it prints anything");
      if (!matchesOutput(text, before)) expect(before).toBe(text);
      return undefined;
    },
  },
  {
    applies: isSnippet,
    async run({ text, line }, project) {
      expect(await snippetErrors(project, line)).toEqual([]);
      const { code, output, stdout } = await project.sh(`node build/src/snippet-${line}.js`);
      expect(code, output).toBe(0);
      const lines = promisedLines(text);
      if (lines.length > 0) expect(stdout.trimEnd().split("\n")).toEqual(lines);
      return output;
    },
  },
];

/** A workflow's own commands, as its runner would run them; actions of others are not. */
async function runWorkflow(text: string, project: ReadmeProject): Promise<string> {
  const workflow: { jobs: Record<string, { steps: { run?: string }[] }> } = parse(text);
  const commands = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(commands).not.toEqual([]);
  let output = "";
  for (const command of commands) {
    const finished = await project.sh(command);
    expect(finished.code, `${command}\n${finished.output}`).toBe(0);
    output += finished.output;
  }
  return output;
}

/**
 * The commands for a fresh clone: each must be a step of .ci/run, which is where they are run on one. The tests cannot
 * run themselves.
 */
async function runInRepository(text: string): Promise<undefined> {
  const ci = await readFile(join(repository, ".ci/run"), "utf8");
  for (const command of text
    .split(/\n|&&/)
    .map((part) => part.replace(/#.*$/, "").trim())
    .filter((part) => part !== "")) {
    expect(ci, `.ci/run does not run "${command}"`).toMatch(new RegExp(`^step ".*" ${command}\\b`, "m"));
  }
  return undefined;
}
