import { relative, sep } from "node:path";
import picomatch from "picomatch";

/** Whether a folder or a file, by its absolute path, is left out; `base` is the folder given that it was found in. */
export type Exclude = (path: string, base?: string) => boolean;

/**
 * Reads `--exclude` patterns. A pattern without a slash is a name at any depth (`preview`, `*_test.proto`); one with a slash
 * is a path from the current folder or from the folder given. What it matches is left out with all that lies below.
 */
export function excludePatterns(patterns: readonly string[], cwd: string): Exclude {
  const nocase = process.platform === "win32" || process.platform === "darwin";
  const matchers = patterns.map((given) => {
    const slashed = process.platform === "win32" ? given.replaceAll("\\", "/") : given;
    const pattern = slashed.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
    const isName = !pattern.includes("/");
    return { isName, matches: picomatch(pattern, { dot: true, nocase }) };
  });
  if (matchers.length === 0) return () => false;
  return (path, base) => {
    const name = path.slice(path.lastIndexOf(sep) + 1);
    const relatives = [cwd, ...(base === undefined ? [] : [base])].map((folder) => posix(relative(folder, path)));
    return matchers.some(({ isName, matches }) =>
      isName ? matches(name) : matches(posix(path)) || relatives.some((candidate) => matches(candidate)),
    );
  };
}

function posix(path: string): string {
  return path.split(sep).join("/");
}
