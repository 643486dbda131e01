import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Cache, noCache } from "../cache/cache.js";
import { digest } from "../cache/digest.js";
import { nearestWith } from "./workspace.js";

/** A workspace's folder, and the buf program; both absolute. */
interface BufAt {
  readonly folder: string;
  readonly buf: string;
}

/** The descriptor set that buf made, or what it said where it failed. */
export type BufResult = { readonly descriptors: Uint8Array } | { readonly stderr: string };

/** What buf reads of a workspace; of modules it depends on, `buf.lock` has the digests. */
const read = /\.proto$|^buf(\.work)?\.yaml$|^buf\.lock$/;

/** With more entries than this, going over them is no small part of what buf does. */
const maxEntries = 20_000;

/**
 * Runs buf, unless it built the very same workspace before. What it makes depends on itself, and on all `.proto` files and
 * buf's own files below the workspace's folder. Where a module has dependencies and no `buf.lock` holds them fast, buf is run.
 */
export async function cachedBuf(workspace: BufAt, cache: Cache, build: () => Promise<BufResult>): Promise<BufResult> {
  const key = cache === noCache ? undefined : keyOf(workspace);
  if (key === undefined) return build();
  const known = cache.get(key);
  if (known !== undefined) return { descriptors: known };
  const built = await build();
  // What was saved while buf ran may have been read before or after.
  if ("descriptors" in built && keyOf(workspace) === key) cache.put(key, built.descriptors);
  return built;
}

function keyOf({ folder, buf }: BufAt): string | undefined {
  const files = filesOf(folder);
  if (files === undefined) return undefined;
  try {
    const parts: (string | Uint8Array)[] = ["buf", identity(buf), folder];
    for (const path of files) {
      const content = readFileSync(path);
      const isConfig = path.endsWith("buf.yaml");
      if (isConfig && /^deps:/m.test(content.toString("utf8")) && !existsSync(join(dirname(path), "buf.lock"))) {
        return undefined;
      }
      parts.push(path, content);
    }
    return digest(...parts);
  } catch {
    // A file is gone, or not readable: buf reports why.
    return undefined;
  }
}

/** npm's package starts a program that lies elsewhere, and its files have the same times whatever the version. */
function identity(buf: string): string {
  const real = realpathSync(buf);
  const { size, mtimeMs } = statSync(real);
  const home = nearestWith(dirname(real), "package.json");
  return [real, size, mtimeMs, home === undefined ? "" : readFileSync(join(home, "package.json"), "utf8")].join(" ");
}

/** Sorted; `undefined` where there are too many entries, or some cannot be read. Links are followed, as buf does. */
function filesOf(top: string): readonly string[] | undefined {
  const files: string[] = [];
  const open = [top];
  const visited = new Set<string>();
  let seen = 0;
  try {
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      const real = realpathSync(folder);
      if (visited.has(real)) continue;
      visited.add(real);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (++seen > maxEntries) return undefined;
        const path = join(folder, entry.name);
        const stats = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
        if (stats?.isDirectory() === true && entry.name !== ".git") open.push(path);
        else if (stats?.isFile() === true && read.test(entry.name)) files.push(path);
      }
    }
  } catch {
    return undefined;
  }
  return files.sort();
}
