import { relative, sep } from "node:path";
import picomatch from "picomatch";

/** Whether a folder or a file, by its absolute path, is left out; `base` is the folder given that it was found in. */
export type Exclude = (path: string, base?: string) => boolean;

/** What `--exclude` leaves out. */
export interface Exclusion {
  readonly exclude: Exclude;
  /** The patterns that have left nothing out so far, as they were given. */
  unused(): readonly string[];
}

/**
 * Reads `--exclude` patterns. A pattern without a slash is a name at any depth (`preview`, `*_test.proto`); one with a slash
 * is a path from the current folder or from the folder given. What it matches is left out with all that lies below.
 */
export function excludePatterns(patterns: readonly string[], cwd: string): Exclusion {
  const nocase = process.platform === "win32" || process.platform === "darwin";
  const matchers = patterns.map((given) => {
    const slashed = process.platform === "win32" ? given.replaceAll("\\", "/") : given;
    const pattern = slashed.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
    const isName = !pattern.includes("/");
    return { given, isName, matches: picomatch(pattern, { dot: true, nocase }) };
  });
  const used = new Set<string>();
  const exclude: Exclude = (path, base) => {
    if (matchers.length === 0) return false;
    const name = path.slice(path.lastIndexOf(sep) + 1);
    const relatives = [cwd, ...(base === undefined ? [] : [base])].map((folder) => posix(relative(folder, path)));
    // Each is asked, also behind one that matches: it is of use as well.
    const hits = matchers.filter(({ isName, matches }) =>
      isName ? matches(name) : matches(posix(path)) || relatives.some((candidate) => matches(candidate)),
    );
    for (const { given } of hits) used.add(given);
    return hits.length > 0;
  };
  return { exclude, unused: () => patterns.filter((given) => !used.has(given)) };
}

function posix(path: string): string {
  return path.split(sep).join("/");
}
