import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findBufWorkspace } from "../../compile/buf.js";
import { findProtoc } from "../../compile/find-protoc.js";
import { displayPath } from "../../compile/paths.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { messageGenerators } from "../../messages/index.js";
import { installCommand, type NeededPackage, neededPackages } from "../project/missing-packages.js";
import type { ProjectPackage } from "../project/nearest-package.js";
import type { Options } from "../usage/options.js";
import { fine, type Row } from "./row.js";

/** Which programs and packages a run would use. */
export async function examineTools(
  options: Options | undefined,
  project: ProjectPackage | undefined,
  cwd: string,
): Promise<readonly Row[]> {
  const rows = [await protocRow(options?.protoc, cwd), bufRow(options, cwd), ...generatorRows(options)];
  if (project === undefined) {
    return [...rows, { name: "runtime", text: "there is no package.json here or above", state: "note" }];
  }
  const install = installCommand(project);
  rows.push(...neededPackages.map((needed) => packageRow(needed, project.folder, install)));
  if (install !== undefined) rows.push({ name: "lacking", text: install, state: "wrong" });
  return rows;
}

async function protocRow(given: string | undefined, cwd: string): Promise<Row> {
  try {
    const { path, version, origin } = await findProtoc(given, cwd);
    const from = { "--protoc": "as given", npm: "from the npm package protoc", PATH: "from PATH" }[origin];
    return fine("protoc", `${version}, ${from}: ${displayPath(path, cwd)}`);
  } catch (error) {
    if (!(error instanceof GenStubsError)) throw error;
    return { name: "protoc", text: error.faults[0].message, state: "wrong" };
  }
}

function bufRow(options: Options | undefined, cwd: string): Row {
  const workspace = findBufWorkspace(options?.paths ?? ["."], cwd);
  if (workspace === undefined) return fine("buf", "not used: no buf.yaml above the paths, or no buf at hand");
  const place = `${displayPath(workspace.buf, cwd)}, for the workspace ${displayPath(workspace.folder, cwd)}`;
  const unused = (options?.protoPaths.length ?? 0) > 0 || options?.protoc !== undefined;
  return fine("buf", unused ? `not used, because of -I or --protoc: ${place}` : place);
}

function generatorRows(options: Options | undefined): readonly Row[] {
  const name = options?.messages ?? "es";
  const generator = messageGenerators.get(name);
  if (generator === undefined) return [];
  try {
    const [tool = name, version = ""] = generator.identity().split(" ");
    return [fine("messages", `${name}: ${tool} ${version}`)];
  } catch (error) {
    if (!(error instanceof GenStubsError)) throw error;
    return [{ name: "messages", text: error.faults[0].message, state: "wrong" }];
  }
}

function packageRow({ name, optional }: NeededPackage, folder: string, install: string | undefined): Row {
  const folders = createRequire(join(folder, "package.json")).resolve.paths(name) ?? [];
  const manifest = folders.map((path) => join(path, name, "package.json")).find((path) => existsSync(path));
  if (manifest === undefined) {
    const wrong = install?.includes(name) === true;
    const text = optional === true ? "not installed; only gen-stubs-runtime/grpc-js needs it" : "not installed";
    return { name, text, state: wrong ? "wrong" : "note" };
  }
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return fine(name, String(version));
}
