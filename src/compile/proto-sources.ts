import { readFileSync } from "node:fs";
import { type ImportStatement, importStatements } from "./import-statements.js";
import { type ProtoHead, scanProto } from "./proto-scan.js";

/** Reads `.proto` files, by absolute path. */
export interface ProtoSources {
  /** `""` for a file that cannot be read: protoc says why. */
  text(path: string): string;
  head(path: string): ProtoHead;
  imports(path: string): readonly ImportStatement[];
}

/** Reads each file when it is asked for, and keeps nothing. */
export const fromDisk: ProtoSources = {
  text: readText,
  head: (path) => scanProto(readText(path)),
  imports: (path) => importStatements(readText(path), path),
};

/** Reads each file once: for work that goes over the same files again and again. */
export function rememberedSources(): ProtoSources {
  const text = once(readText);
  const head = once((path) => scanProto(text(path)));
  const imports = once((path) => importStatements(text(path), path));
  return { text, head, imports };
}

function once<Value>(read: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const value = read(path);
    known.set(path, value);
    return value;
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
