import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../process/make-folder.js";
import type { Cache } from "./cache.js";
import { digest } from "./digest.js";

/** Larger entries are not kept: making them again costs little more than reading them. */
const maxEntryBytes = 64 * 1024 * 1024;
const maxEntries = 64;
const maxTotalBytes = 256 * 1024 * 1024;
/** An entry in use is marked so at most this often. */
const touchAfterMs = 24 * 60 * 60 * 1000;

const digestLength = 64;

/**
 * A cache in a folder, a file an entry. Each begins with the digest of what follows, so that half a file, or one that
 * somebody changed, is no entry. The entries used longest ago make room for new ones.
 */
export function diskCache(folder: string): Cache {
  return {
    get(key) {
      const path = join(folder, key);
      try {
        const bytes = readFileSync(path);
        const content = bytes.subarray(digestLength);
        if (bytes.toString("latin1", 0, digestLength) !== digest(content)) return undefined;
        touch(path);
        return content;
      } catch {
        return undefined;
      }
    },
    put(key, content) {
      if (content.length > maxEntryBytes) return;
      const temporary = join(folder, `${key}.${process.pid}.tmp`);
      try {
        makeFolder(folder);
        writeFileSync(temporary, digest(content));
        writeFileSync(temporary, content, { flag: "a" });
        renameSync(temporary, join(folder, key));
        prune(folder);
      } catch {
        // A full disk, a read-only folder: the next run does the work again.
        removeQuietly(temporary);
      }
    },
  };
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was not there, or stays where it does no harm.
  }
}

function touch(path: string): void {
  const now = Date.now();
  if (now - statSync(path).mtimeMs > touchAfterMs) utimesSync(path, now / 1000, now / 1000);
}

function prune(folder: string): void {
  const entries = readdirSync(folder)
    .flatMap((name) => {
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ name, bytes: stats.size, used: stats.mtimeMs }];
    })
    .sort((a, b) => b.used - a.used);
  let total = 0;
  for (const [index, { name, bytes }] of entries.entries()) {
    total += bytes;
    if (index >= maxEntries || total > maxTotalBytes) rmSync(join(folder, name), { force: true });
  }
}
