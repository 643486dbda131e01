import type { RunRecord } from "./manifest.js";

/** What the disk says; paths are relative to the output folder, as in the manifest. */
export interface DiskFacts {
  /** Whether an input of a run is (still) there. */
  readonly inputExists: (input: string) => boolean;
  /** Whether an input lies in another, or is it. */
  readonly covers: (outer: string, inner: string) => boolean;
  /** Whether a `.proto` file is there under one of the roots. */
  readonly sourceExists: (roots: readonly string[], source: string) => boolean;
  /** The `.proto` file that a generated file in its right place is from; `undefined` for all other files, and for none. */
  readonly sourceOf: (name: string) => string | undefined;
  /** Whether two spellings lead to one file. */
  readonly isWritten: (name: string) => boolean;
}

/** Whose the files of an output folder are, seen from one run. */
export interface Ownership {
  /** Files that this run wrote earlier and does not any more, or whose `.proto` file is gone: sorted. */
  readonly orphans: readonly string[];
  /** Records of the other runs. */
  readonly others: readonly RunRecord[];
  /** Of those, the ones whose inputs are all gone. */
  readonly gone: readonly RunRecord[];
}

/**
 * Decides which recorded files a run may call its orphans. The rule: no run ever touches what another run may still write.
 *
 * - A record is this run's own where the inputs are the same, or where this run took its place: with the same options, and
 *   each input of it lies in this run's or is gone (`protos/*.proto` grew or shrank, a folder was added). What such a record
 *   holds and this run does not write is an orphan.
 * - Of another run's files, those are orphans whose `.proto` file, among its inputs, is gone from a root that both have.
 * - A file that another run also has stays, as long as its `.proto` file is there or it comes from an import.
 */
export function settleOwnership(
  recorded: readonly RunRecord[],
  current: Omit<RunRecord, "files" | "imports">,
  facts: DiskFacts,
): Ownership {
  const own = recorded.filter((record) => isOwn(record, current, facts));
  const others = recorded.filter((record) => !own.includes(record));
  const gone = others.filter((record) => !record.from.some(facts.inputExists));
  const alive = others.filter((record) => !gone.includes(record));
  const lost = alive
    .filter((record) => record.roots.some((root) => current.roots.includes(root)))
    .flatMap((record) => record.files.filter((name) => sourceIsGone(record, name, facts)));
  const protectedNames = new Set(
    alive.flatMap((record) => [
      ...record.imports,
      ...record.files.filter((name) => !sourceIsGone(record, name, facts)),
    ]),
  );
  const candidates = new Set([...own.flatMap(({ files, imports }) => [...files, ...imports]), ...lost]);
  const orphans = [...candidates].filter(
    (name) => !protectedNames.has(name) && !facts.isWritten(name) && facts.sourceOf(name) !== undefined,
  );
  return { orphans: orphans.sort(), others, gone };
}

/** The records to keep after a run: its own, with the orphans that it left, and those of others, without what is removed. */
export function nextRecords(
  ownership: Ownership,
  written: RunRecord,
  removed: boolean,
  stillThere: (name: string) => boolean,
): readonly RunRecord[] {
  const { orphans, others, gone } = ownership;
  const orphaned = new Set(orphans);
  const mine = new Set([...written.files, ...written.imports]);
  const elsewhere = new Set(others.flatMap(({ files, imports }) => [...files, ...imports]));
  const left = removed ? [] : orphans.filter((name) => !elsewhere.has(name));
  const kept = others.flatMap((record): readonly RunRecord[] => {
    const stays = (name: string): boolean =>
      !(removed && orphaned.has(name)) && !(gone.includes(record) && (mine.has(name) || !stillThere(name)));
    const next = { ...record, files: record.files.filter(stays), imports: record.imports.filter(stays) };
    return next.files.length + next.imports.length === 0 ? [] : [next];
  });
  const own = { ...written, files: [...written.files, ...left].sort() };
  return own.files.length + own.imports.length === 0 ? kept : [...kept, own];
}

/**
 * The run that a file belongs to, where this one would overwrite it with something else: two `.proto` files of one import
 * name, below different roots, cannot have one output folder.
 */
export function overwrittenRun(
  name: string,
  others: readonly RunRecord[],
  current: Pick<RunRecord, "roots">,
  facts: DiskFacts,
): RunRecord | undefined {
  return others.find(
    (record) =>
      record.files.includes(name) &&
      record.roots.length > 0 &&
      current.roots.length > 0 &&
      !record.roots.some((root) => current.roots.includes(root)) &&
      !sourceIsGone(record, name, facts),
  );
}

function isOwn(
  record: RunRecord,
  current: Pick<RunRecord, "from" | "options">,
  { covers, inputExists }: DiskFacts,
): boolean {
  if (record.from.join("\n") === current.from.join("\n")) return true;
  if (record.options !== current.options) return false;
  const covered = record.from.filter((inner) => current.from.some((outer) => covers(outer, inner)));
  return covered.length > 0 && record.from.every((input) => covered.includes(input) || !inputExists(input));
}

function sourceIsGone(record: RunRecord, name: string, { sourceOf, sourceExists }: DiskFacts): boolean {
  if (record.roots.length === 0) return false;
  const source = sourceOf(name);
  return source !== undefined && !sourceExists(record.roots, source);
}
