import { displayPath } from "../../compile/paths.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { flags } from "../usage/flags.js";
import type { Options } from "../usage/options.js";
import { toOptions } from "../usage/to-options.js";
import { Values } from "../usage/values.js";
import { configValues } from "./config-values.js";
import { type LoadedConfig, loadConfig } from "./load-config.js";
import { mergeValues } from "./merge-values.js";

/** What a run is to generate: one output, or those of the config. */
export interface Outputs {
  readonly outputs: readonly [Options, ...Options[]];
  /** The config file they are from, absolute. */
  readonly config: string | undefined;
}

/**
 * Puts the config file and the command line together.
 *
 * @returns `undefined` where neither says anything
 * @throws GenStubsError GS1002–GS1006.
 */
export async function findOutputs(values: Values, cwd: string): Promise<Outputs | undefined> {
  const config = values.denied("config") ? undefined : await loadConfig(values.single("config"), cwd);
  if (config === undefined) {
    if (!values.asks) return undefined;
    return { outputs: [toOptions(values)], config: undefined };
  }
  const { outputs, path } = config;
  refuseAmbiguity(values, config, cwd);
  const shown = displayPath(path, cwd);
  const from = { config: shown, command: sameCommand(values) };
  const settled = outputs.map((entry) => {
    const merged = mergeValues(withoutContradictions(configValues(entry, path, cwd), values), values.given);
    return toOptions(new Values(merged, flags), from);
  });
  const [first, ...others] = settled;
  if (first === undefined) throw new Error("a config has an output");
  return { outputs: [first, ...others], config: path };
}

/** Of what the config and the command line say together, the command line counts, also where the two exclude one another. */
function withoutContradictions(
  config: Readonly<Record<string, unknown>>,
  values: Values,
): Readonly<Record<string, unknown>> {
  const dropped = new Set<string>();
  if (values.flag("check")) dropped.add("clean");
  if (values.has("descriptor-set")) dropped.add("proto-path").add("protoc").add("_");
  if (values.has("proto-path") || values.has("protoc")) dropped.add("descriptor-set");
  return Object.fromEntries(Object.entries(config).filter(([name]) => !dropped.has(name)));
}

/** Paths and a folder of the command line belong to one output. */
function refuseAmbiguity(values: Values, config: LoadedConfig, cwd: string): void {
  if (config.outputs.length === 1) return;
  const given = [
    ...(values.paths.length > 0 ? ["paths"] : []),
    ...["out", "descriptor-set"].filter((name) => values.has(name)).map((name) => `--${name}`),
  ];
  if (given.length === 0) return;
  throw new GenStubsError({
    code: "GS1004",
    message: `${given.join(" and ")} cannot be given together with the ${config.outputs.length} outputs of ${displayPath(config.path, cwd)}`,
    hint: "leave them out, or add --no-config",
  });
}

/** The command that generates what this run checks, where the config alone says what that is. */
function sameCommand(values: Values): readonly string[] | undefined {
  const once = (name: string): boolean => flags[name]?.once === true || (name === "_" && values.paths.length === 0);
  if (!Object.keys(values.given).every((name) => values.given[name] === undefined || once(name))) return undefined;
  const config = values.single("config");
  return ["npx", "gen-stubs", ...(config === undefined ? [] : ["--config", config])];
}
