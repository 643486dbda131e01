import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../support/packed.js";
import type { Finished } from "../support/shell.js";
import type { Block } from "./blocks.js";
import { matchesOutput } from "./expected-output.js";
import { exportedNames, promisedLines, snippetProgram, standaloneProgram } from "./snippet.js";

/** Where a page is followed: a folder that a user's project could be. */
export interface FollowedProject {
  readonly folder: string;
  write(path: string, text: string): Promise<void>;
  sh(script: string): Promise<Finished>;
  /** Starts a server; resolves once it has printed a line. */
  background(script: string): Promise<Pick<Finished, "output">>;
}

/** One page on its way through its project. */
interface Page {
  readonly blocks: readonly Block[];
  readonly project: FollowedProject;
  readonly snippets: Snippets;
  /** What does not compile; undefined as long as nothing was compiled. */
  errors: Promise<readonly string[]> | undefined;
}

/**
 * How a page's snippets become programs. `with context`: they may use what `snippet-context.ts` exports, and are parts of the page's
 * story. `as written`: each is a program as it is, for a reader who copies it; `src/setup.ts` of the project is closed behind it.
 */
export type Snippets = "with context" | "as written";

interface Kind {
  applies(block: Block): boolean;
  /** Returns what was printed. */
  run(block: Block, page: Page, before: string | undefined): Promise<string | undefined>;
}

/**
 * Follows a page from top to bottom, a test for each block: files are written, commands are run, snippets are compiled and
 * run after what came before them, and what is said to be printed must be printed. Then its programs must type-check.
 */
export function followPage(
  blocks: readonly Block[],
  projectOf: () => FollowedProject,
  snippets: Snippets = "with context",
): void {
  let page: Page | undefined;
  /** What the block before printed. */
  let printed: string | undefined;
  const here = (): Page => {
    page ??= { blocks, project: projectOf(), snippets, errors: undefined };
    return page;
  };
  for (const block of blocks) {
    test(`line ${block.line}: ${block.language}`, { timeout: 300_000 }, async () => {
      const kind = kinds.find(({ applies }) => applies(block));
      if (kind === undefined)
        throw new Error(`nothing runs this block: ${block.language} ${[...block.attributes.keys()]}`);
      printed = await kind.run(block, here(), printed);
    });
  }
  test("its programs type-check", async () => {
    expect((await compiled(here())).filter((error) => !error.includes("snippet-"))).toEqual([]);
  });
}

const isSnippet = ({ language, attributes }: Block): boolean =>
  language === "ts" &&
  !attributes.has("not-run") &&
  !attributes.has("file") &&
  !attributes.has("excerpt") &&
  !attributes.has("quotes");

const compilerOptions = {
  strict: true,
  noUnusedLocals: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  skipLibCheck: true,
  module: "nodenext",
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
  // For the pages on frameworks with decorators.
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  rootDir: ".",
  outDir: "build",
};

/** Compiles all programs and snippets, once, after the stubs were generated. Returns the compiler's errors. */
function compiled(page: Page): Promise<readonly string[]> {
  const { project, blocks } = page;
  page.errors ??= (async () => {
    const program = await programOf(page);
    for (const { text, line } of blocks.filter(isSnippet)) {
      await project.write(`src/snippet-${line}.ts`, program(text));
    }
    await project.write("tsconfig.page.json", JSON.stringify({ compilerOptions, include: ["src/*.ts"] }));
    const { output } = await project.sh("tsc -p tsconfig.page.json");
    return output.split("\n").filter((text) => text !== "");
  })();
  return page.errors;
}

async function programOf({ snippets, project }: Page): Promise<(text: string) => string> {
  if (snippets === "as written") return standaloneProgram;
  const context = await readFile(new URL("./snippet-context.ts", import.meta.url), "utf8");
  await project.write("src/snippet-context.ts", context);
  return (text) => snippetProgram(text, exportedNames(context));
}

async function snippetErrors(page: Page, line: number): Promise<readonly string[]> {
  return (await compiled(page)).filter(
    (error) =>
      /^src\/snippet-(\d+|context)/.exec(error)?.[0] === `src/snippet-${line}` || error.includes("snippet-context"),
  );
}

const kinds: readonly Kind[] = [
  {
    // What cannot be installed here; its page says so.
    applies: ({ attributes }) => attributes.has("not-run"),
    run: async () => undefined,
  },
  {
    applies: ({ attributes }) => attributes.has("file"),
    async run({ attributes, text }, { project }) {
      const file = attributes.get("file") ?? "";
      await project.write(file, text);
      if (file.startsWith(".github/workflows/")) return await runWorkflow(text, project);
      return undefined;
    },
  },
  {
    applies: ({ attributes }) => attributes.has("excerpt"),
    run: ({ attributes, text }, { project }) => isPartOf(join(project.folder, attributes.get("excerpt") ?? ""), text),
  },
  {
    applies: ({ attributes }) => attributes.has("quotes"),
    run: ({ attributes, text }) => isPartOf(join(repository, attributes.get("quotes") ?? ""), text),
  },
  {
    applies: ({ language, attributes }) => language === "sh" && attributes.has("repo"),
    run: ({ text }) => runInRepository(text),
  },
  {
    applies: ({ language, attributes }) => language === "sh" && attributes.has("background"),
    run: async ({ text }, { project }) => (await project.background(text)).output,
  },
  {
    applies: ({ language }) => language === "sh",
    async run({ text, attributes }, page) {
      const { code, output } = await page.project.sh(text);
      expect(code, output).toBe(Number(attributes.get("exit") ?? 0));
      if (/\bnpm install\b/.test(text)) page.errors = undefined; // what did not compile for want of a package may now
      return output;
    },
  },
  {
    applies: ({ language }) => language === "text",
    async run({ text }, _page, before) {
      if (before === undefined) throw new Error("nothing before it prints anything");
      if (!matchesOutput(text, before)) expect(before).toBe(text);
      return undefined;
    },
  },
  {
    applies: isSnippet,
    async run({ text, line }, page) {
      expect(await snippetErrors(page, line)).toEqual([]);
      const { code, output, stdout } = await page.project.sh(`node build/src/snippet-${line}.js`);
      expect(code, output).toBe(0);
      const lines = promisedLines(text);
      if (lines.length > 0) expect(stdout.trimEnd().split("\n")).toEqual(lines);
      return output;
    },
  },
];

/** The lines of `text` are in the file, in that order. */
async function isPartOf(file: string, text: string): Promise<undefined> {
  const lines = (await readFile(file, "utf8")).split("\n");
  let from = 0;
  for (const line of text.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "…")) {
    const found = lines.findIndex((candidate, index) => index >= from && candidate.trim() === line.trim());
    expect(found, `not there, or not in this order: ${line}`).toBeGreaterThanOrEqual(0);
    from = found + 1;
  }
  return undefined;
}

/** A workflow's own commands, as its runner would run them; actions of others are not. */
async function runWorkflow(text: string, project: FollowedProject): Promise<string> {
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
