import type { Cache } from "../cache/cache.js";

/** What to compile, and with what. */
export interface CompileOptions {
  readonly paths: readonly string[];
  readonly protoPaths: readonly string[];
  /** Patterns of what is left out of folders: see {@link excludePatterns}. */
  readonly exclude: readonly string[];
  readonly descriptorSet: string | undefined;
  /** Path of a protoc to use instead of the one that comes with this package. */
  readonly protoc: string | undefined;
  readonly cwd: string;
  /** Where results of protoc are kept from run to run; nowhere without one. */
  readonly cache?: Cache;
  /** Called once it is known how many files there are to compile. */
  readonly onStart?: (fileCount: number) => void;
  /** Ends the compiler; compiling is rejected with the signal's reason then. */
  readonly signal?: AbortSignal | undefined;
}
