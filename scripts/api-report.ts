/**
 * `npm run api`: writes what each entry point exports to `api/`, its types with all that they are made of, in one text without
 * comments. With `--check` it compares instead, so that the public surface changes on purpose alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reports = join(root, "api");
const scratch = join(root, ".cache/api");

interface Entry {
  /** As it is imported: `gen-stubs-runtime/errors`. */
  readonly name: string;
  readonly folder: string;
  readonly source: string;
}

const entries: readonly Entry[] = [
  ...runtimeEntries(),
  { name: "gen-stubs/config", folder: ".", source: "src/cli/config/config.ts" },
  { name: "gen-stubs/testing", folder: ".", source: "src/testing/index.ts" },
];

const check = process.argv.includes("--check");
const wanted = new Map(await Promise.all(entries.map(async (entry) => [fileOf(entry), await report(entry)] as const)));
const present = existsSync(reports) ? readdirSync(reports) : [];
const differing = [
  ...[...wanted].filter(
    ([file, text]) => !present.includes(file) || readFileSync(join(reports, file), "utf8") !== text,
  ),
  ...present.filter((file) => !wanted.has(file)).map((file) => [file, undefined] as const),
];
if (check) {
  for (const [file] of differing)
    console.error(`api/${file} is not what the sources export: npm run api, and read the diff`);
  process.exitCode = differing.length === 0 ? 0 : 1;
} else {
  mkdirSync(reports, { recursive: true });
  for (const [file, text] of differing) {
    if (text === undefined) rmSync(join(reports, file));
    else writeFileSync(join(reports, file), text);
  }
}

function runtimeEntries(): Entry[] {
  const folder = "src/runtime";
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.keys(manifest.exports)
    .filter((path) => path !== "./package.json")
    .map((path) => {
      const source = path === "." ? "index.ts" : `${path.slice("./".length)}.ts`;
      return { name: join(manifest.name, path), folder, source };
    });
}

function fileOf({ name }: Entry): string {
  return `${name.replace("/", ".")}.api.md`;
}

async function report(entry: Entry): Promise<string> {
  const outDir = join(scratch, entry.name);
  await build({
    config: false,
    cwd: join(root, entry.folder),
    entry: { entry: entry.source },
    outDir,
    format: "esm",
    dts: { oxc: true, emitDtsOnly: true },
    tsconfig: join(root, "tsconfig.base.json"),
    report: false,
    logLevel: "error",
  });
  const file = readdirSync(outDir).find((name) => /^entry\.d\.m?ts$/.test(name));
  if (file === undefined) throw new Error(`${entry.name}: no declarations in ${outDir}`);
  const text = readFileSync(join(outDir, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, "")
    .replace(/^ *#private;\n/gm, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
  return `# ${entry.name}\n\nWritten by \`npm run api\`.\n\n\`\`\`ts\n${text}\n\`\`\`\n`;
}
