import { dirname } from "node:path";
import type { Fault } from "../../errors/gen-stubs-error.js";
import { goModules } from "../go-module.js";
import type { ImportStatement } from "../import-statements.js";
import type { InputFile } from "../inputs.js";
import { isInside } from "../paths.js";
import type { ProtoRoot } from "../proto-root.js";
import type { RootContext, RootedInputs } from "../proto-roots.js";
import { rememberedSources } from "../proto-sources.js";
import { protocFaults } from "../protoc-messages.js";
import { realPaths } from "../real-paths.js";
import { workspaceRoot } from "../workspace.js";
import { type ImportAdvice, sourceAdvice } from "./import-advice.js";
import { type GraphFile, importGraph } from "./import-graph.js";
import { listProtos } from "./list-protos.js";
import { missingImportFaults } from "./missing-imports.js";
import {
  filesEndingWith,
  nearNameAdvice,
  prefixedRoots,
  protoPathAdvice,
  proves,
  type Situation,
} from "./project-advice.js";
import { secondCopyFaults } from "./second-copies.js";
import { type NamesOfFile, namesOf, twoNamesFault } from "./two-names.js";

/** What is known of inputs and their imports before anything is said of them. */
export function situationOf(
  inputs: readonly InputFile[],
  rooted: RootedInputs,
  context: RootContext,
  includes: readonly ProtoRoot[],
): Situation {
  const realOf = realPaths(inputs);
  const sources = rememberedSources();
  const graph = importGraph(rooted.files, [...rooted.roots, ...includes], realOf, sources);
  return { inputs, context: { ...context, sources }, graph, includes, realOf };
}

/** What is known where protoc failed. */
export interface Failure extends Situation {
  readonly stderr: string;
  readonly rooted: RootedInputs;
  /** Whether buf could have been used, had it been there. */
  readonly bufIs: "missing" | "not asked";
}

// What protoc says of a name that it meets twice, and what follows from that.
const defined =
  /is already defined in file "|seems to be defined in ".*", which is not imported by |^Note that enum values use C\+\+ scoping/;

// Trying a proto path reads all inputs, so only the first candidates are tried.
const maxTries = 24;

/**
 * Why protoc failed. It stops at the first file with an error and knows files by their names alone; so imports are followed
 * here once more, to tell all that are missing at once, which file is read under two names, and which are second copies.
 * The rest is protoc's own words.
 */
export function diagnose(failure: Failure): readonly Fault[] {
  const { stderr, rooted, graph, context } = failure;
  const { cwd } = context;
  const { missing, doubles } = sortMissing(failure);
  for (const file of graph.files.values()) {
    const names = namesOf(file);
    if (names.size > 1 && !doubles.has(file)) doubles.set(file, names);
  }
  const twoNames = [...doubles].map(([file, names]) => twoNamesFault(file.path, names, cwd));
  const clash = defined.test(stderr);
  const copies = clash && twoNames.length === 0 ? secondCopyFaults(graph.files.values(), cwd) : [];
  const explained = [
    ...twoNames,
    ...missingImportFaults(missing, importAdvice(failure, failure.bufIs), cwd),
    ...copies,
  ];
  const unexplained = protocFaults(stderr, rooted, cwd).filter(
    ({ code, message }) => code !== "GS2004" && !(defined.test(message) && twoNames.length + copies.length > 0),
  );
  // What protoc says of a file whose imports are missing mostly follows from that; nothing else may hide what it says.
  return explained.length === 0 ? protocFaults(stderr, rooted, cwd) : [...explained, ...unexplained];
}

/** A name that leads nowhere, though its file is read under another name, is not missing: the file has two names. */
function sortMissing({ graph, inputs, realOf, stderr }: Failure): {
  readonly missing: ReadonlyMap<string, readonly ImportStatement[]>;
  readonly doubles: Map<GraphFile, NamesOfFile>;
} {
  const missing = new Map<string, readonly ImportStatement[]>();
  const doubles = new Map<GraphFile, NamesOfFile>();
  const paths = inputs.map(({ path }) => path);
  for (const [name, statements] of graph.missing) {
    // protobuf's own files: protoc finds them by itself, and says so where it does not.
    if (name.startsWith("google/protobuf/") && !stderr.includes(`${name}: File not found.`)) continue;
    const files = filesEndingWith(paths, name).map((path) => graph.files.get(realOf(path) ?? path));
    const file = files.find((one) => one !== undefined && one.importedAs.size > 0);
    if (file === undefined) missing.set(name, statements);
    else doubles.set(file, new Map([...(doubles.get(file) ?? namesOf(file)), [name, statements]]));
  }
  return { missing, doubles };
}

/**
 * What to do about imports that were not found: a proto path for what lies in the project, what is known of other people's
 * files, names that are near.
 */
export function importAdvice(situation: Situation, bufIs: Failure["bufIs"]): ImportAdvice {
  const { inputs } = situation;
  const { cwd, buf } = situation.context;
  const top = workspaceRoot(cwd) ?? cwd;
  const goModule = goModules()(dirname(inputs[0]?.path ?? cwd));
  const fromSource = sourceAdvice({ cwd, buf, bufIs, goModule });
  const modules: readonly ProtoRoot[] =
    goModule === undefined ? [] : [{ virtual: goModule.path, folder: goModule.folder }];
  const folders = [...new Set([cwd, ...inputs.flatMap(({ folder }) => folder ?? [])])];
  let protos: readonly string[] | undefined;
  let tries = 0;
  const works = (given: readonly ProtoRoot[], name: string): boolean =>
    tries++ < maxTries && proves(given, name, situation);
  return (name) => {
    protos ??= [...new Set([...inputs.map(({ path }) => path), ...listProtos(searched(cwd, top, inputs))])];
    const virtual = [...modules, ...prefixedRoots(folders, name)];
    const advice = protoPathAdvice(name, filesEndingWith(protos, name), virtual, situation, works) ?? fromSource(name);
    return advice ?? nearNameAdvice(protos, name, top, cwd);
  };
}

/** The current folder first, then the workspace around it, then what of the inputs lies outside. */
function searched(cwd: string, top: string, inputs: Failure["inputs"]): readonly string[] {
  const outside = inputs.map(({ folder, path }) => folder ?? dirname(path)).filter((folder) => !isInside(top, folder));
  return [...new Set([cwd, top, ...outside.filter((folder) => folder !== top)])];
}
