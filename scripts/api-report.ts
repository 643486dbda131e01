/**
 * `npm run api`: writes what each entry point exports to `api/`, its types with all that they are made of, by API Extractor from the
 * declarations that were built. With `--check` it compares instead, so that the public surface changes on purpose alone.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reports = join(root, "api");
const scratch = join(root, ".cache/api");
const REPORT = "report.api.md";

const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
};

/** What a file adds to types of another module. */
const AUGMENTATION = /^declare module "\.[\s\S]*?^}$/gm;

const states = new Map<string, CompilerState>();

interface Entry {
  /** As it is imported: `gen-stubs-runtime/errors`. */
  readonly name: string;
  readonly folder: string;
  /** Its declarations, in the folder. */
  readonly declarations: string;
}

const entries: readonly Entry[] = [
  ...runtimeEntries(),
  { name: "gen-stubs/config", folder: ".", declarations: "dist/cli/config/config.d.ts" },
  { name: "gen-stubs/testing", folder: ".", declarations: "dist/testing/index.d.ts" },
];

const check = process.argv.includes("--check");
const folders = new Set(entries.map(({ folder }) => folder));
const augmentations = new Map([...folders].flatMap(copyDeclarations));
const wanted = new Map(entries.map((entry) => [fileOf(entry), report(entry)] as const));
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
      const declarations = `dist/${path === "." ? "index" : path.slice("./".length)}.d.ts`;
      return { name: join(manifest.name, path), folder, declarations };
    });
}

function fileOf({ name }: Entry): string {
  return `${name.replace("/", ".")}.api.md`;
}

/** Where the declarations of a package are read. */
function copyOf(folder: string): string {
  return join(scratch, folder === "." ? "gen-stubs" : "gen-stubs-runtime");
}

/**
 * Copies the declarations of a package to where they are read, without what they add to modules: API Extractor cannot analyze a type
 * that is declared in two places. Returns what was left out, by the file.
 */
function copyDeclarations(folder: string): [string, string][] {
  const from = join(root, folder, "dist");
  const to = join(copyOf(folder), "dist");
  rmSync(copyOf(folder), { recursive: true, force: true });
  cpSync(from, to, { recursive: true, filter: (file) => statSync(file).isDirectory() || file.endsWith(".d.ts") });
  cpSync(join(root, folder, "package.json"), join(copyOf(folder), "package.json"));
  return readdirSync(to, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .flatMap((file): [string, string][] => {
      const text = readFileSync(join(to, file), "utf8");
      const added = text.match(AUGMENTATION);
      if (added === null) return [];
      writeFileSync(join(to, file), text.replace(AUGMENTATION, ""));
      return [[join(folder, "dist", file), added.join("\n").replace(/\/\*[\s\S]*?\*\/\s*/g, "")]];
    });
}

function report({ name, folder, declarations }: Entry): string {
  const config = extraction(folder, declarations);
  const compilerState = states.get(folder) ?? stateOf(folder, config);
  states.set(folder, compilerState);
  const { succeeded } = Extractor.invoke(config, { localBuild: true, compilerState, messageCallback: onlyErrors });
  if (!succeeded) throw new Error(`${name}: API Extractor failed`);
  const added = augmentations.get(join(folder, declarations));
  const adds = added === undefined ? "" : `\nIt adds to a module:\n\n\`\`\`ts\n${added}\n\`\`\`\n`;
  const text = `${readFileSync(join(scratch, REPORT), "utf8")}${adds}`;
  // The first line of a report names the package; here each entry point has its own.
  return text.replace(/^## API Report File for .*$/m, `## API Report File for "${name}"`);
}

/** One program for all entry points of a package: making it is most of the work. */
function stateOf(folder: string, config: ExtractorConfig): CompilerState {
  const all = entries
    .filter((entry) => entry.folder === folder)
    .map((entry) => join(copyOf(folder), entry.declarations));
  return CompilerState.create(config, { additionalEntryPoints: all });
}

function extraction(folder: string, declarations: string): ExtractorConfig {
  const projectFolder = copyOf(folder);
  return ExtractorConfig.prepare({
    configObjectFullPath: join(projectFolder, "api-extractor.json"), // not read: what follows is all of it
    packageJsonFullPath: join(projectFolder, "package.json"),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: join(projectFolder, declarations),
      newlineKind: "lf",
      compiler: { overrideTsconfig: { compilerOptions, files: [declarations] } },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFolder: scratch,
        reportTempFolder: join(scratch, "temp"),
        reportFileName: REPORT,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // What a report says of comments would change with them: that every symbol has one is `npm run docs`' to see.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
}

function onlyErrors(message: ExtractorMessage): void {
  message.handled = message.logLevel !== ExtractorLogLevel.Error;
}
