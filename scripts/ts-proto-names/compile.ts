import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { protocBinary } from "../golden/cases.js";
import { protoText, type Shape } from "./shapes.js";

/** ts-proto takes some MB a file; so many go into one process. */
const filesPerRun = 150;

/** Each file is 0.2 s of type-checking, and some MB of types. */
const filesPerProgram = 80;

/**
 * Writes a `.proto` file for each message name and shape, runs ts-proto on them, compiles what it wrote, and returns the
 * pairs whose file has an error, as `name shape`.
 */
export function failing(
  root: string,
  folder: string,
  pairs: readonly { readonly name: string; readonly shape: Shape }[],
  options: string,
): ReadonlySet<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = pairs.map(({ name, shape }, index) => {
    writeFileSync(join(folder, `n${index}.proto`), protoText(`n${index}`, name, shape));
    return `n${index}.proto`;
  });
  for (let at = 0; at < files.length; at += filesPerRun) {
    runTsProto(root, folder, files.slice(at, at + filesPerRun), options);
  }
  const broken = new Set<string>();
  const written = files.map((_, index) => index);
  for (let at = 0; at < written.length; at += filesPerProgram) {
    let open = written.slice(at, at + filesPerProgram);
    for (let again = true; again && open.length > 0; ) {
      const { errors, unparsed } = compile(root, folder, open);
      for (const index of errors) {
        const pair = pairs[index];
        if (pair !== undefined) broken.add(`${pair.name} ${pair.shape.name}`);
      }
      open = open.filter((index) => !errors.has(index));
      // While some file does not parse, the compiler looks no further: those are left out, and it looks again.
      again = unparsed;
    }
  }
  return broken;
}

interface CompileResult {
  /** The numbers of the files that have errors. */
  readonly errors: ReadonlySet<number>;
  /** Whether one of them did not parse. */
  readonly unparsed: boolean;
}

/** Type-checks the files of these numbers. */
function compile(root: string, folder: string, indexes: readonly number[]): CompileResult {
  const files = indexes.map((index) => `n${index}.ts`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...tsconfig, files }));
  const tsc = [join(root, "node_modules/typescript/bin/tsc"), "-p", folder];
  const { stdout, status } = spawnSync(process.execPath, tsc, { encoding: "utf8", maxBuffer: 512 * 1024 * 1024 });
  const errors = [...stdout.matchAll(/^(?:.*[\\/])?n(\d+)\.ts\(\d+,\d+\): error TS(\d+)/gm)];
  if (status !== 0 && errors.length === 0) throw new Error(`tsc ended with ${status}:\n${stdout.slice(0, 1_000)}`);
  // What is about syntax has a number below 2000.
  return {
    errors: new Set(errors.map(([, index]) => Number(index))),
    unparsed: errors.some(([, , code]) => Number(code) < 2_000),
  };
}

const tsconfig = {
  compilerOptions: {
    target: "ES2023",
    module: "NodeNext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  },
};

/** Runs ts-proto on files of a folder, into that folder. */
export function runTsProto(root: string, folder: string, files: readonly string[], options: string): void {
  const args = [
    `-I${folder}`,
    `--plugin=protoc-gen-ts_proto=${join(root, "node_modules/.bin/protoc-gen-ts_proto")}`,
    `--ts_proto_out=${folder}`,
    `--ts_proto_opt=${["outputServices=none", "esModuleInterop=true", "importSuffix=.js", options].filter(Boolean).join(",")}`,
    ...files,
  ];
  const { status, stderr } = spawnSync(protocBinary(root), args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ts-proto failed:\n${stderr}`);
}
