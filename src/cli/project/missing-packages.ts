import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ProjectPackage } from "./nearest-package.js";

/** A package that generated code or its runtime needs, with the least version it works with. */
export interface NeededPackage {
  readonly name: string;
  readonly minimum?: string;
  /** Only for some of the runtime's parts: nothing lacks without it, but one that is there must not be older. */
  readonly optional?: boolean;
}

export const neededPackages: readonly NeededPackage[] = [
  { name: "gen-stubs-runtime" },
  { name: "@bufbuild/protobuf", minimum: "2.17.0" },
  // For `gen-stubs-runtime/grpc-js` alone.
  { name: "@grpc/grpc-js", minimum: "1.14.4", optional: true },
];

/** Lock files, and the command of the package manager that writes each. */
const managers: readonly (readonly [string, string])[] = [
  ["pnpm-lock.yaml", "pnpm add"],
  ["yarn.lock", "yarn add"],
  ["bun.lock", "bun add"],
  ["bun.lockb", "bun add"],
  ["package-lock.json", "npm install"],
  ["npm-shrinkwrap.json", "npm install"],
];

/** The one command that adds what the project lacks, or `undefined` when it has all. */
export function installCommand(project: ProjectPackage | undefined): string | undefined {
  if (project === undefined) return undefined;
  const lacking = neededPackages.filter((needed) => lacks(project, needed));
  if (lacking.length === 0) return undefined;
  return `${addCommand(project.folder)} ${lacking.map(nameWithMajor).join(" ")}`;
}

/**
 * The command, if any is needed, that adds gen-stubs itself and what generated code needs to a project that is being set up:
 * what package.json declares counts.
 */
export function neededByProject(project: ProjectPackage): readonly string[] {
  const add = addCommand(project.folder);
  const runtime = neededPackages
    .filter(({ name, optional }) => optional !== true && !project.declared.has(name))
    .map(nameWithMajor);
  const tool = project.declared.has("gen-stubs")
    ? []
    : [`${add} ${add === "npm install" ? "--save-dev" : "-D"} gen-stubs`];
  const commands = [...tool, ...(runtime.length === 0 ? [] : [`${add} ${runtime.join(" ")}`])];
  return commands.length === 0 ? [] : [commands.join(" && ")];
}

function nameWithMajor({ name, minimum }: NeededPackage): string {
  return minimum === undefined ? name : `${name}@${minimum.split(".")[0]}`;
}

function lacks(project: ProjectPackage, needed: NeededPackage): boolean {
  // Plug'n'Play keeps no folders to look into; what package.json declares is there.
  if (existsSync(join(project.folder, ".pnp.cjs")))
    return needed.optional !== true && !project.declared.has(needed.name);
  const folders = createRequire(join(project.folder, "package.json")).resolve.paths(needed.name) ?? [];
  const manifest = folders.map((folder) => join(folder, needed.name, "package.json")).find((file) => existsSync(file));
  if (manifest === undefined) return needed.optional !== true;
  return needed.minimum !== undefined && !atLeast(versionOf(manifest), needed.minimum);
}

function versionOf(manifest: string): string {
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return String(version);
}

/** Same major version, and not older. */
function atLeast(version: string, minimum: string): boolean {
  const [a, b] = [version, minimum].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  if (a === undefined || b === undefined || a[0] !== b[0]) return false;
  for (let i = 1; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function addCommand(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const manager = managers.find(([lock]) => existsSync(join(folder, lock)));
    if (manager !== undefined) return manager[1];
    if (folder === dirname(folder)) return "npm install";
  }
}
