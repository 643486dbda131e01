import type { FileSet } from "../descriptors/file-set.js";
import type { PluginOption } from "../descriptors/plugin-option.js";
import type { GeneratedFile } from "../descriptors/response.js";
import type { ScriptProcesses } from "./script-processes.js";

export interface MessageJob {
  readonly files: FileSet;
  /** Import names of the files to generate messages for. */
  readonly generate: readonly string[];
  /** Options in the generator's own words, in the order they are to be passed. */
  readonly options: readonly PluginOption[];
  /** Called as parts are done, with the number of files that were in them. */
  readonly onProgress?: (fileCount: number) => void;
  /** Ends the work; it is rejected with the signal's reason then. */
  readonly signal?: AbortSignal | undefined;
  /** Where its processes come from; each is started when it is needed, unless this has one ready. */
  readonly processes?: ScriptProcesses;
}

/** Messages that need not be generated where they are only imported. */
export interface MappedModules {
  /** Options to pass to the generator, beside the shared ones. */
  readonly options: readonly PluginOption[];
  readonly elsewhere: (file: string) => boolean;
}

/** A generator of message types that stubs can stand on. The command knows them only by this. */
export interface MessageGenerator {
  /** Its name for `--messages`, and for the plugin's option `messages`. */
  readonly name: string;
  /** Name and version of what it runs, for `--json` and errors. */
  readonly tool: string;
  /** Options that stubs and messages must agree on: those given with `--opt` go to this generator too. */
  readonly sharedOptions: ReadonlySet<string>;
  /** Set unless the user says otherwise. */
  readonly defaults: readonly PluginOption[];
  /** What makes it write TypeScript whose types can be stripped (no enums), where it can. */
  readonly erasable?: PluginOption;
  /** What makes it declare the JSON types that the k6 stubs use, where it can. */
  readonly jsonTypes?: PluginOption;
  /** The option by which the stubs' plugin is told this generator's own options, where they matter to stubs. */
  readonly stubsOption?: string;
  /** Endings of the files it writes. */
  readonly endings: readonly string[];
  /** What it makes of a file depends on that file and its imports alone. */
  readonly independent: boolean;
  /** Path of the script that runs. Throws GS4001 where there is none. */
  script(): string;
  /** What runs, exactly: its version and where it lies. Two runs with one identity make the same of the same. */
  identity(): string;
  /** Whether the generator's runtime brings the messages of a file, so that none are generated for it. */
  brings(file: string): boolean;
  /** Reads from the stubs' options which messages live elsewhere, and says it in the generator's words. */
  mapModules(options: readonly PluginOption[]): MappedModules;
  /**
   * Generates in memory.
   *
   * @throws GenStubsError GS4001–GS4003.
   */
  generate(job: MessageJob): Promise<readonly GeneratedFile[]>;
}
