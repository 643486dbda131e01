import { dirname, join, relative, resolve } from "node:path";
import { compile } from "../../compile/compile.js";
import type { Compiled } from "../../compile/compiled.js";
import { displayPath } from "../../compile/paths.js";
import { closure } from "../../descriptors/file-set.js";
import { parameterOf } from "../../descriptors/plugin-option.js";
import { didYouMean } from "../../errors/did-you-mean.js";
import { type Fault, GenStubsError } from "../../errors/gen-stubs-error.js";
import { fileFromBytes } from "../../plugin/decode-file.js";
import { orMalformed } from "../../plugin/decode-request.js";
import type { CodeGeneratorRequest } from "../../plugin/plugin-messages.js";
import { orRefusal } from "../../plugin/run.js";
import { findGenerator, type RunContext } from "../command.js";
import { checkInterruption } from "../interruption.js";
import { pluginError } from "../plugin-error.js";
import { inferOptions } from "../project/infer-options.js";
import { nearestPackage } from "../project/nearest-package.js";
import { settle } from "../settings.js";
import type { Options } from "../usage/options.js";
import { readTarget, writeTarget } from "./target-file.js";

/** What `gen-stubs skeleton` is told. */
export interface SkeletonOptions {
  /** What is generated, and where to: the first output that has the service counts. */
  readonly outputs: readonly [Options, ...Options[]];
  /** As the user names it: `weather.v1.Weather`, or `Weather` where there is one. */
  readonly service: string;
  /** The user's file. */
  readonly to: string;
  readonly style: "class" | "object";
}

/** Where the command stands; {@link RunContext}. */
export type SkeletonContext = Pick<RunContext, "cwd" | "cache" | "signal">;

export interface SkeletonResult {
  readonly mode: "write" | "check";
  /** The user's file, as displayed. */
  readonly file: string;
  readonly service: string;
  /** `class WeatherImplementation` */
  readonly target: string;
  /** Whether it was not there before. */
  readonly created: boolean;
  /** Methods that were added, or are missing. */
  readonly added: readonly string[];
  /** Methods whose rpc is gone, and that had no mark of it. */
  readonly removed: readonly string[];
  readonly faults: readonly Fault[];
}

/**
 * Writes the skeleton of a service, or lets the one in the file grow.
 *
 * @throws GenStubsError with whatever is wrong; nothing has been written then. The signal's reason when aborted.
 */
export async function runSkeleton(told: SkeletonOptions, context: SkeletonContext): Promise<SkeletonResult> {
  const { to, outputs } = told;
  if (!/\.[cm]?tsx?$/.test(to) || /\.d\.[cm]?ts$/.test(to)) {
    throw new GenStubsError({ code: "GS1002", message: `--to: "${to}" is no TypeScript file` });
  }
  let missing: unknown;
  for (const options of outputs) {
    try {
      return await growFrom(options, told, context);
    } catch (error) {
      if (!(error instanceof GenStubsError) || error.faults[0].code !== "GS7002") throw error;
      missing ??= error;
    }
  }
  throw missing;
}

async function growFrom(
  options: Options,
  { service: wanted, to, style }: SkeletonOptions,
  { cwd, cache, signal }: SkeletonContext,
): Promise<SkeletonResult> {
  const path = resolve(cwd, to);
  const file = displayPath(path, cwd);
  const compiled = await compile({ ...options, cwd, cache, signal });
  // ts-morph takes its time to load: only here, and beside nothing else.
  const { growSkeleton, servicesIn, skeletonService } = await import("../../skeleton/index.js");
  const request = await requestOf(options, compiled, path, cwd);
  const service = orMalformed(() => {
    const services = servicesIn(request);
    const typeName = findService(wanted, [...services.keys()]);
    const importer = importerFor(path, resolve(cwd, options.out));
    return orRefusal(() => skeletonService(request, typeName, services.get(typeName)!, importer));
  });
  if ("errors" in service) throw pluginError(service.errors, compiled, cwd);
  const before = readTarget(path, file);
  const grown = growSkeleton(service, before, { style, shown: file });
  const { target, created, added, removed } = grown;
  const result = { file, service: service.typeName, target, created, added, removed } as const;
  if (options.check)
    return { ...result, mode: "check", faults: grown.text === (before ?? "") ? [] : [lacking(result)] };
  await checkInterruption(signal);
  if (grown.text !== before) writeTarget(path, grown.text, file);
  return { ...result, mode: "write", faults: [] };
}

async function requestOf(
  options: Options,
  { files, generate }: Compiled,
  to: string,
  cwd: string,
): Promise<CodeGeneratorRequest> {
  const inferred = await inferOptions(dirname(to), nearestPackage(resolve(cwd, options.out)));
  const generator = findGenerator(options.messages);
  const { stubs } = settle(options, generator, inferred);
  return {
    fileToGenerate: generate,
    parameter: parameterOf(stubs),
    protoFile: closure(files, generate).map(({ bytes }) => fileFromBytes(bytes)),
  };
}

function findService(given: string, names: readonly string[]): string {
  const hits = names.includes(given) ? [given] : names.filter((name) => name.endsWith(`.${given}`));
  if (hits.length === 1) return hits[0]!;
  const list = (some: readonly string[]): string =>
    some.slice(0, 10).join(", ") + (some.length > 10 ? `, … (${some.length})` : "");
  throw new GenStubsError({
    code: "GS7002",
    message:
      hits.length > 1
        ? `several services are called "${given}"`
        : `no service "${given}" in these files${didYouMean(given, names)}`,
    hint: names.length === 0 ? "there is no service at all" : `there is ${list(hits.length > 1 ? hits : names)}`,
  });
}

/** Modules below the output folder, as the user's file imports them. */
function importerFor(path: string, out: string): (module: string) => string {
  return (module) => {
    if (!/^\.{1,2}\//.test(module)) return module;
    const found = relative(dirname(path), join(out, module)).replaceAll("\\", "/");
    return found.startsWith("../") ? found : `./${found}`;
  };
}

function lacking({ file, added, removed }: Pick<SkeletonResult, "file" | "added" | "removed">): Fault {
  const parts = [
    ...(added.length > 0 ? [`missing: ${added.join(", ")}`] : []),
    ...(removed.length > 0 ? [`no longer an rpc: ${removed.join(", ")}`] : []),
  ];
  return {
    code: "GS7003",
    message: parts.length > 0 ? parts.join("; ") : "comments about removed rpcs are out of date",
    file,
  };
}
