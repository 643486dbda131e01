import { resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { splitProtoPath } from "../../compile/inputs.js";
import { isInside } from "../../compile/paths.js";
import type { Outputs } from "../config/find-outputs.js";

const passedBy: ReadonlySet<string> = new Set(["node_modules", ".git", ".hg", ".svn"]);

/**
 * Watches what a run reads: the paths given, proto paths, descriptor sets, the config, and each file that is imported from
 * somewhere else. Below folders, only `.proto` files and what stands for a workspace of buf count.
 */
export class SourceWatcher {
  readonly #cwd: string;
  readonly #onChange: (path: string) => void;
  // One for each time that something new is to be watched: each says when it is ready.
  readonly #watchers: FSWatcher[] = [];
  readonly #watched = new Set<string>();

  constructor(cwd: string, onChange: (path: string) => void) {
    this.#cwd = cwd;
    this.#onChange = onChange;
  }

  /**
   * Watches also what these outputs read, and the files named. Resolves once their changes are seen, to the paths that were
   * not watched before.
   */
  async follow({ outputs, config }: Outputs, files: readonly string[]): Promise<readonly string[]> {
    const given = outputs.flatMap(({ paths, protoPaths, descriptorSet }) =>
      descriptorSet === undefined
        ? [
            ...paths,
            ...protoPaths
              .map((path) => splitProtoPath(path, this.#cwd).disk)
              .filter((path) => !path.split(/[\\/]/).includes("node_modules")),
          ]
        : [descriptorSet],
    );
    const wanted = [
      ...given.map((path) => resolve(this.#cwd, path)),
      ...files,
      ...(config === undefined ? [] : [config]),
    ];
    const fresh = [...new Set(wanted)].filter((path) => !this.#isWatched(path));
    for (const path of fresh) this.#watched.add(path);
    if (fresh.length > 0) await this.#start(fresh);
    return fresh;
  }

  async close(): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
  }

  async #start(paths: string[]): Promise<void> {
    const watcher = watch(paths, {
      ignoreInitial: true,
      ignored: (path, stats) => !this.#watched.has(path) && isNoSource(path, stats?.isFile() === true),
    });
    this.#watchers.push(watcher);
    watcher.on("all", (event, path) => {
      if (event !== "addDir") this.#onChange(path);
    });
    await new Promise<void>((ready) => {
      watcher.once("ready", ready);
      // What cannot be watched (no more handles, no permission) is told when a run reads it.
      watcher.on("error", () => ready());
    });
  }

  #isWatched(path: string): boolean {
    if (this.#watched.has(path)) return true;
    return [...this.#watched].some((folder) => isInside(folder, path) && !hasPassedBy(path.slice(folder.length)));
  }
}

function hasPassedBy(path: string): boolean {
  return path.split(sep).some((part) => passedBy.has(part));
}

function isNoSource(path: string, isFile: boolean): boolean {
  const name = path.slice(path.lastIndexOf(sep) + 1);
  return passedBy.has(name) || (isFile && !/\.proto$|^buf(\.work|\.gen)?\.(yaml|lock)$/.test(name));
}
