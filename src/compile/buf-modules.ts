import { sep } from "node:path";
import picomatch from "picomatch";
import { isInside } from "./paths.js";

/** A module of buf: a folder whose files are named from there. */
export interface BufModule {
  /** Absolute path. */
  readonly folder: string;
  /** Absolute folders that buf leaves out. */
  readonly excludes: readonly string[];
}

/** What the buf configuration above a folder says, as far as it matters without buf. */
export interface BufConfig {
  /** The file it was read from. */
  readonly file: string;
  readonly modules: readonly BufModule[];
  /** Modules of a registry that are imported from, e.g. `buf.build/googleapis/googleapis`. */
  readonly deps: readonly string[];
}

/** The module of a configuration that a path lies in: the innermost. */
export function moduleOf(config: BufConfig, path: string): BufModule | undefined {
  const holding = config.modules.filter(({ folder }) => isInside(folder, path));
  return holding.sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Whether buf leaves a folder or a file out. */
export function isExcluded(config: BufConfig, path: string): boolean {
  return config.modules.some(({ excludes }) =>
    excludes.some((pattern) => {
      if (path === pattern || isInside(pattern, path)) return true;
      return (
        /[*?[{]/.test(pattern) && picomatch(pattern.split(sep).join("/"), { dot: true })(path.split(sep).join("/"))
      );
    }),
  );
}
