import { readFileSync, statSync } from "node:fs";
import { type Cache, getJson, noCache, putJson } from "../cache/cache.js";
import { digest } from "../cache/digest.js";
import { splitFileSet } from "../descriptors/file-set.js";
import type { CompileOptions } from "./compile-options.js";
import { findImport } from "./find-import.js";
import type { Protoc } from "./find-protoc.js";
import type { ProtoRoot } from "./proto-root.js";
import type { RootedInputs } from "./proto-roots.js";
import { runProtocInParts } from "./protoc-parts.js";
import { ownIncludes, type ProtocResult } from "./run-protoc.js";

/** File systems keep times this exactly, or better (FAT: 2 s). */
const timeGrainMs = 2_000;

/**
 * Runs protoc, unless it compiled the very same files before. What it makes depends on itself, on the names it is given,
 * and on the contents of the files that these names and their imports stand for: the names of the imports are kept from the
 * last run (only a change of content can add to them), looked up anew, and read.
 *
 * @throws GenStubsError GS2006, GS2010.
 */
export async function cachedProtoc(
  protoc: Protoc,
  inputs: RootedInputs,
  { cwd, signal, cache = noCache }: Pick<CompileOptions, "cwd" | "signal" | "cache">,
): Promise<ProtocResult> {
  if (cache === noCache) return runProtocInParts(protoc, inputs, { cwd, signal });
  const roots = [...inputs.roots, ...ownIncludes(protoc)];
  const identity = digest(
    "protoc",
    protocIdentity(protoc),
    digest(...roots.flatMap(({ virtual, folder }) => [virtual, folder])),
    ...inputs.files.map(({ name }) => name),
  );
  const names = namesOf(getJson(cache, identity)) ?? inputs.files.map(({ name }) => name);
  const before = readContents(names, roots);
  const known = resultOf(cache, digest(identity, contentsDigest(before)));
  if (known !== undefined) return known;
  const started = Date.now();
  const result = await runProtocInParts(protoc, inputs, { cwd, signal });
  if (result.descriptors === undefined) return result;
  const compiled = [...splitFileSet(result.descriptors).keys()];
  const after = readContents(compiled, roots);
  // A file that was saved while protoc ran may have been read before or after.
  const settled = after.every(({ name, content, modified }) => {
    const earlier = before.find((file) => file.name === name);
    return earlier === undefined ? modified < started - timeGrainMs : earlier.content === content;
  });
  if (settled) {
    putJson(cache, identity, compiled);
    const stderr = Buffer.from(`${JSON.stringify(result.stderr)}\n`);
    cache.put(digest(identity, contentsDigest(after)), Buffer.concat([stderr, result.descriptors]));
  }
  return result;
}

/** The package's protoc never changes without its version; another file may. */
function protocIdentity({ path, origin, version }: Protoc): string {
  if (origin === "npm") return `${path} ${version}`;
  const { size, mtimeMs } = statSync(path);
  return `${path} ${version} ${size} ${mtimeMs}`;
}

interface Content {
  readonly name: string;
  /** Digest of the content; `""` where none of the roots has the file: it is one that protoc has built in. */
  readonly content: string;
  readonly modified: number;
}

function readContents(names: readonly string[], roots: readonly ProtoRoot[]): readonly Content[] {
  return names.map((name) => {
    const path = findImport(roots, name);
    try {
      if (path !== undefined) return { name, content: digest(readFileSync(path)), modified: statSync(path).mtimeMs };
    } catch {
      // It was removed meanwhile, or is not readable: protoc reports why.
    }
    return { name, content: "", modified: 0 };
  });
}

function contentsDigest(contents: readonly Content[]): string {
  const sorted = [...contents].sort((a, b) => (a.name < b.name ? -1 : 1));
  return digest(...sorted.flatMap(({ name, content }) => [name, content]));
}

function namesOf(entry: unknown): readonly string[] | undefined {
  return Array.isArray(entry) && entry.every((name) => typeof name === "string") ? entry : undefined;
}

/** An entry is what protoc said, as a line of JSON, and then the descriptors. */
function resultOf(cache: Cache, key: string): ProtocResult | undefined {
  const entry = cache.get(key);
  if (entry === undefined) return undefined;
  const line = entry.indexOf(0x0a);
  return {
    stderr: String(JSON.parse(Buffer.from(entry.subarray(0, line)).toString("utf8"))),
    descriptors: entry.subarray(line + 1),
  };
}
