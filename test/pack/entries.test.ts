import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { run } from "../support/shell.js";

/** Every entry at once, as each kind of project finds it; all optional peers are there. */
describe("every entry of the runtime", () => {
  let folder: string;
  let entries: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-entries-"));
    await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
    const { exports } = JSON.parse(await readFile(join(repository, "src/runtime/package.json"), "utf8"));
    entries = Object.keys(exports)
      .filter((path) => path !== "./package.json")
      .map((path) => path.replace(".", "gen-stubs-runtime"));
    expect(entries.length).toBeGreaterThan(25);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("has the same exports by import and by require", { timeout: 60_000 }, async () => {
    const script = `
      const { createRequire } = await import("node:module");
      const require = createRequire(process.cwd() + "/");
      const names = (module) => Object.keys(module).filter((name) => !/^(default|module\\.exports|__esModule)$/.test(name)).sort().join();
      const differ = [];
      for (const entry of ${JSON.stringify(entries)}) {
        const [a, b] = [names(await import(entry)), names(require(entry))];
        if (a !== b || a === "") differ.push([entry, a, b]);
      }
      console.log(JSON.stringify(differ));`;
    const { output } = await run([process.execPath, "--input-type=module", "--eval", script], { cwd: folder });
    expect(output.trim()).toBe("[]");
  });

  test.each([
    ["node10", "commonjs", "typescript-5", { module: "commonjs", moduleResolution: "node10" }],
    ["nodenext", "commonjs", "typescript", { module: "nodenext" }],
    ["nodenext", "module", "typescript", { module: "nodenext" }],
    ["bundler", "module", "typescript", { module: "esnext", moduleResolution: "bundler" }],
  ] as const)(
    "has types under %s in a package of type %s, by %s, libraries checked",
    {
      timeout: 300_000,
    },
    async (resolution, type, typescript, options) => {
      const project = join(folder, `${resolution}-${type}`);
      await mkdir(project);
      await writeFile(join(project, "package.json"), JSON.stringify({ type }));
      const imports = entries.map((entry, i) => `import * as entry${i} from "${entry}";`);
      const all = `export const all: object[] = [${entries.map((_, i) => `entry${i}`)}];`;
      await writeFile(join(project, "all.ts"), [...imports, all].join("\n"));
      const compilerOptions = {
        ...options,
        target: "es2022",
        lib: ["es2022"],
        types: ["node"],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        // What our declarations say is checked too.
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["all.ts"] }));
      const tsc = join(repository, "node_modules", typescript, "bin/tsc");
      const { code, output } = await run([process.execPath, tsc, "-p", project], { cwd: folder });
      expect(output).toBe("");
      expect(code).toBe(0);
    },
  );
});
