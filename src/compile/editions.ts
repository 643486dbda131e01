import type { Fault } from "../errors/gen-stubs-error.js";
import { majorVersion, type Protoc } from "./find-protoc.js";

// The first release of protoc that takes an edition without a flag.
const firstRelease: ReadonlyMap<string, number> = new Map([
  ["2023", 27],
  ["2024", 32],
  ["2026", 36],
]);

/** The edition a `.proto` file declares, or `undefined` for proto2 and proto3. */
export function declaredEdition(text: string): string | undefined {
  return /^\s*edition\s*=\s*["'](\w+)["']\s*;/m.exec(text)?.[1];
}

/** Says so where protoc is older than the edition of a file: its own errors then mislead ("Expected ';'"). */
export function editionFault(file: string, text: string, protoc: Protoc): Fault | undefined {
  const edition = declaredEdition(text);
  const needed = edition === undefined ? undefined : firstRelease.get(edition);
  if (needed === undefined || majorVersion(protoc.version) >= needed) return undefined;
  return {
    code: "GS2009",
    message: `edition ${edition} needs protoc ${needed}.0 or later; ${protoc.path} is ${protoc.version}`,
    file,
    hint: 'leave --protoc out: the npm package "protoc" that comes with gen-stubs has a newer one',
  };
}
