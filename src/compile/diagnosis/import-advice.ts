import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import type { BufConfig } from "../buf-modules.js";
import { type GoModule, requiredModule } from "../go-module.js";
import { type ImportSource, importSources } from "../known-imports.js";
import { displayPath } from "../paths.js";
import type { ProtoRoot } from "../proto-root.js";
import { listProtos } from "./list-protos.js";

/** What to do about imports that were not found: imports of the same source share one text. */
export type ImportAdvice = (name: string) => string | undefined;

/** Where imports may come from that lie in no folder of the project. */
export interface AdviceContext {
  readonly cwd: string;
  /** The buf configuration, where it has dependencies that only buf can fetch. */
  readonly buf: BufConfig | undefined;
  /** Why buf is not at work. */
  readonly bufIs: "missing" | "not asked";
  readonly goModule: GoModule | undefined;
}

/** Advice from where such imports usually come: buf's registry, an installed or known npm package, a module of Go. */
export function sourceAdvice({ cwd, buf, bufIs, goModule }: AdviceContext): ImportAdvice {
  return (name) => {
    if (buf !== undefined && buf.deps.length > 0) {
      const lists = `${displayPath(buf.file, cwd)} lists ${buf.deps.join(", ")}`;
      return bufIs === "missing"
        ? `${lists}, which buf fetches: npm install -D @bufbuild/buf, and gen-stubs compiles with it`
        : `${lists}, which buf fetches: without -I and --protoc gen-stubs compiles with buf`;
    }
    const source = importSources.find((entry) => name.startsWith(entry.prefix));
    if (source !== undefined) return fromSource(source, name, cwd);
    return goModule === undefined ? undefined : fromGoModule(goModule, name, cwd);
  };
}

function fromSource(source: ImportSource, name: string, cwd: string): string | undefined {
  if (source.npm === undefined) return source.advice;
  const folder = join("node_modules", source.npm.name, source.npm.folder);
  for (let base = cwd; ; base = dirname(base)) {
    if (existsSync(join(base, folder, name))) return `add -I ${quoted(displayPath(join(base, folder), cwd))}`;
    if (base === dirname(base)) break;
  }
  return `the npm package "${source.npm.name}" has it: npm install -D ${source.npm.name}, then add -I ${folder.split(sep).join("/")}`;
}

/** Of a module that go.mod requires: in the module cache, or to be put there (https://go.dev/ref/mod#module-cache). */
function fromGoModule(module: GoModule, name: string, cwd: string): string | undefined {
  const required = requiredModule(module, name);
  if (required === undefined) return undefined;
  const { path, version } = required;
  const cache = process.env["GOMODCACHE"] ?? join(process.env["GOPATH"] ?? join(homedir(), "go"), "pkg", "mod");
  const folder = join(cache, ...`${escaped(path)}@${escaped(version)}`.split("/"));
  if (existsSync(folder)) {
    const root = rootWithin(folder, path, name);
    return root === undefined
      ? `go.mod requires ${path} ${version}, which has no such file`
      : `add -I ${quoted(`${root.virtual === "" ? "" : `${root.virtual}=`}${displayPath(root.folder, cwd)}`)}`;
  }
  return `the Go module ${path} has it: go mod download ${path}, then add -I ${path}="$(go list -m -f '{{.Dir}}' ${path})"`;
}

/** Where a module has the file: where its path says, or in a folder of its own for what is imported (`include/`). */
function rootWithin(folder: string, path: string, name: string): ProtoRoot | undefined {
  const rest = name.slice(path.length + 1);
  if (existsSync(join(folder, rest))) return { virtual: path, folder };
  const protos = listProtos([folder]);
  const below = (tail: string): string | undefined => {
    const ending = sep + tail.split("/").join(sep);
    return protos.find((file) => file.endsWith(ending))?.slice(0, -ending.length);
  };
  const whole = below(name);
  if (whole !== undefined) return { virtual: "", folder: whole };
  const part = below(rest);
  return part === undefined ? undefined : { virtual: path, folder: part };
}

/** The module cache writes an upper-case letter as `!` and the lower-case one. */
function escaped(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word}"`;
}
