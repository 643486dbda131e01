import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A name's form in which two names are one file on a disk that does not tell upper from lower case (macOS, Windows). */
export function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Tells how the disk itself spells a name: `Users/a.ts` where `users/a.ts` was asked for and found. */
export type DiskSpelling = (name: string) => string | undefined;

/**
 * The spelling on disk of names below a folder; `undefined` for what is not there. What counts are the folders' own
 * listings: the numbers of inodes do not tell on every file system (with FUSE each spelling has its own), and on a disk
 * that tells case apart two spellings stay two files. Listings are kept, so this is for a moment in which nothing changes.
 *
 * @param list names in a folder, `[]` where there is none
 * @param exists whether a path leads to something
 */
export function diskSpelling(
  out: string,
  list: (folder: string) => readonly string[] = listFolder,
  exists: (path: string) => boolean = existsOnDisk,
): DiskSpelling {
  const listings = new Map<string, ReadonlySet<string>>();
  const entriesOf = (folder: string): ReadonlySet<string> => {
    let entries = listings.get(folder);
    if (entries === undefined) {
      entries = new Set(list(folder));
      listings.set(folder, entries);
    }
    return entries;
  };
  const spellPart = (folder: string, part: string): string | undefined => {
    const entries = entriesOf(folder);
    if (entries.has(part)) return part;
    const folded = foldName(part);
    const other = [...entries].find((entry) => foldName(entry) === folded);
    return other !== undefined && exists(join(folder, part)) ? other : undefined;
  };
  return (name) => {
    const spelled: string[] = [];
    for (const part of name.split("/")) {
      const found = spellPart(join(out, ...spelled), part);
      if (found === undefined) return undefined;
      spelled.push(found);
    }
    return spelled.join("/");
  };
}

/** Whether two spellings of a name differ in more than their Unicode form, which some disks choose by themselves. */
export function differsInCase(spelled: string, name: string): boolean {
  return spelled.normalize("NFC") !== name.normalize("NFC");
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function existsOnDisk(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
