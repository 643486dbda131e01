import type { Fault } from "../../errors/gen-stubs-error.js";
import type { ImportStatement } from "../import-statements.js";
import { displayPath } from "../paths.js";
import type { GraphFile } from "./import-graph.js";

/** A file and all names that it is read by: those of imports, and its own as an input. */
export type NamesOfFile = ReadonlyMap<string, readonly ImportStatement[]>;

/** The names of a file: of its imports, and the one that it has as an input, with no imports where nobody uses it. */
export function namesOf(file: GraphFile): NamesOfFile {
  if (file.inputName === undefined || file.importedAs.has(file.inputName)) return file.importedAs;
  return new Map([...file.importedAs, [file.inputName, []]]);
}

/** Says that one file is read under two names, by whom, and what to write; protobuf takes it for two files. */
export function twoNamesFault(path: string, names: NamesOfFile, cwd: string): Fault {
  const sorted = [...names].sort(([a, x], [b, y]) => y.length - x.length || b.length - a.length);
  const [kept = "", keptBy = []] = sorted[0] ?? [];
  const said = sorted.map(([name, imports]) =>
    imports.length === 0 ? `"${name}" (its own name)` : `"${name}" (${places(imports, cwd)})`,
  );
  const wrong = sorted.slice(1).flatMap(([, imports]) => imports);
  const first = wrong[0] ?? keptBy[0];
  return {
    code: "GS2012",
    message: `one file, ${displayPath(path, cwd)}, is imported under ${said.length} names: ${said.join(" and ")}`,
    ...(first === undefined ? { file: displayPath(path, cwd) } : placeOf(first, cwd)),
    hint:
      wrong.length === 0
        ? `give with -I, before any other, the folder that "${kept}" is relative to`
        : `protobuf takes them for two files: write import "${kept}" in ${places(wrong, cwd)}`,
  };
}

/** Where an import stands, as a fault has it. */
export function placeOf(statement: ImportStatement, cwd: string): Pick<Fault, "file" | "line" | "column" | "source"> {
  const { file, line, column, source } = statement;
  return { file: displayPath(file, cwd), line, column, source };
}

const maxPlaces = 3;

/** `a.proto:3, b.proto:4 and 2 more`. */
export function places(statements: readonly ImportStatement[], cwd: string): string {
  const shown = statements.slice(0, maxPlaces).map(({ file, line }) => `${displayPath(file, cwd)}:${line}`);
  const more = statements.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
