/**
 * Generates stubs for schemas that others wrote, on both libraries' messages, and type-checks them: `npm run corpora`, with
 * `--full` all of them. Errors in the files of messages are theirs, and told apart.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { filesIn } from "../../scripts/golden/cases.js";
import { typeCheck } from "../golden/type-check.js";
import { checkTree } from "./check-tree.js";
import { type Compiled, compile } from "./compile.js";
import { installCorpora } from "./install.js";
import { packages } from "./packages.js";
import { sourceTrees } from "./source-trees.js";

type Messages = "es" | "ts_proto";

const root = process.cwd();
const { values } = parseArgs({ options: { full: { type: "boolean" }, only: { type: "string" } } });
const folder = join(root, ".cache/corpora/out");
/** The old compiler is checked on these: it takes ten times as long. */
const sample = new Set(["grpc-health-check", "zeebe-node", "otel.binpb"]);
let failed = 0;
let passed = 0;

rmSync(folder, { recursive: true, force: true });
const modules = installCorpora(root);
for (const corpus of packages) {
  if (values.only !== undefined && values.only !== corpus.name) continue;
  const compiled = compile(root, modules, corpus);
  const files =
    values.full === true ? compiled.files : compiled.files.filter((file) => corpus.sample?.test(file) ?? true);
  check({ ...compiled, files });
}
const shared = resolve(root, process.env["GEN_STUBS_CORPORA"] ?? "../shared/corpora");
const sets = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith(".binpb")) : [];
if (sets.length === 0) console.log(`skip: descriptor sets (none in ${shared}; set GEN_STUBS_CORPORA)`);
for (const set of sets) {
  if (values.only !== undefined && values.only !== basename(set)) continue;
  check({ name: set, set: join(shared, set), files: [], dropped: 0 });
}
const google = join(modules, "google-gax/build/protos");
for (const tree of sourceTrees) {
  if (values.only !== undefined && values.only !== tree.name) continue;
  const both = values.full === true || tree.tsProto === true;
  for (const messages of both ? (["es", "ts_proto"] as const) : (["es"] as const)) {
    const out = join(folder, messages, `tree-${tree.name.replace(/\W+/g, "-")}`);
    const result = checkTree(tree, messages, { root, google, out });
    if ("skipped" in result) {
      console.log(`skip: ${tree.name}, as its users have it (${result.skipped})`);
      continue;
    }
    const corpus = { name: `${tree.name}, as its users have it,`, dropped: 0 };
    if (tree.args === undefined) report(corpus, messages, result.faults, []);
    else checkTypes(corpus, messages, out, result.faults);
  }
}
console.log(`corpora: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function check(corpus: Compiled): void {
  for (const messages of ["es", "ts_proto"] as const) {
    const out = join(folder, messages, corpus.name.replace(/\W+/g, "-"));
    const told = generate(corpus, messages, out);
    if (told !== undefined) {
      report(corpus, messages, [told], []);
      continue;
    }
    checkTypes(corpus, messages, out, []);
  }
}

function checkTypes(
  corpus: Pick<Compiled, "name" | "dropped">,
  messages: Messages,
  out: string,
  told: readonly string[],
): void {
  const compilers = sample.has(corpus.name)
    ? (["TypeScript 7", "TypeScript 5.9"] as const)
    : (["TypeScript 7"] as const);
  const faults = compilers.flatMap((compiler) => typeFaults(out, compiler));
  const ofStubs = faults.filter((fault) => /_grpc\.ts\(/.test(fault) || !/\.ts\(/.test(fault));
  const ofMessages = faults.filter((fault) => !ofStubs.includes(fault));
  report(corpus, messages, [...told, ...ofStubs], ofMessages, out);
}

/** Runs the command as a user would. Returns what it says where it fails. */
function generate({ set, files }: Compiled, messages: Messages, out: string): string | undefined {
  // Enums as objects: erasableSyntaxOnly takes no others.
  const options = messages === "es" ? "erasable_syntax=true" : "enumsAsLiterals=true";
  const args = ["--descriptor-set", set, "--out", out, "--messages", messages, "--opt", "import_extension=js"];
  const command = [join(root, "bin/gen-stubs.js"), ...files, ...args, "--messages-opt", options, "--quiet"];
  const { status, stderr, error } = spawnSync(process.execPath, command, { encoding: "utf8", maxBuffer: 1 << 26 });
  return status === 0 ? undefined : `exit ${status}: ${error?.message ?? stderr}`;
}

function typeFaults(out: string, compiler: "TypeScript 7" | "TypeScript 5.9"): string[] {
  return typeCheck(root, { compiler, folder: out, module: "NodeNext", include: ["."] })
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(" "));
}

function report(
  { name, dropped }: Pick<Compiled, "name" | "dropped">,
  messages: Messages,
  ofStubs: readonly string[],
  ofMessages: readonly string[],
  out?: string,
): void {
  const written = out === undefined ? [] : filesIn(out);
  const stubs = written.filter((file) => file.endsWith("_grpc.ts")).length;
  const left = dropped === 0 ? "" : `; ${dropped} .proto files do not compile as shipped`;
  const theirs = ofMessages.length === 0 ? "" : `; ${ofMessages.length} errors in files of messages`;
  console.log(
    `${name} on ${messages}: ${stubs} files of stubs among ${written.length}, ${ofStubs.length} errors${theirs}${left}`,
  );
  for (const fault of ofStubs.slice(0, 20)) console.log(`  ${fault}`);
  for (const fault of ofMessages.slice(0, 3)) console.log(`  (messages) ${fault.slice(0, 200)}`);
  if (ofStubs.length === 0 && (out === undefined || stubs > 0)) passed++;
  else failed++;
}
