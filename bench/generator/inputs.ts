import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FileSet, splitFileSet } from "../../src/descriptors/file-set.js";
import { encodeRequest } from "../../src/descriptors/request.js";
import { request } from "../../src/testing/plugin.js";
import { compile } from "../../test/corpora/compile.js";
import { installCorpora } from "../../test/corpora/install.js";
import { packages } from "../../test/corpora/packages.js";

/** What a generator is asked for. */
export interface Input {
  readonly title: string;
  /** An encoded request with the options given. */
  readonly request: (parameter: string) => Promise<Uint8Array> | Uint8Array;
}

/** A schema of others, as files of a descriptor set. */
export interface Tree {
  readonly title: string;
  readonly files: FileSet;
  readonly names: readonly string[];
}

/** Inputs of our own, by size. */
export function ownInputs(root: string): { readonly empty: Input; readonly small: Input; readonly wide: Input } {
  const guide = {
    "route_guide.proto": readFileSync(join(root, "fixtures/route-guide/input/route_guide.proto"), "utf8"),
  };
  const methods = Array.from({ length: 10_000 }, (_, index) => `rpc M${index}(M) returns (stream M);`).join("\n");
  const wide = `syntax = "proto3";\nservice S {\n${methods}\n}\nmessage M {}\n`;
  return {
    empty: {
      title: "a file without services",
      request: (options) => request('syntax = "proto3";\nmessage M {}\n', options),
    },
    small: { title: "A small file: route_guide.proto", request: (options) => request(guide, options) },
    wide: { title: "One service of 10,000 methods", request: (options) => request(wide, options) },
  };
}

/** Files of an npm package with schemas, which is installed into the cache. `only`: which of its files are generated. */
export function tree(root: string, packageName: string, only?: RegExp): Tree {
  const corpus = packages.find(({ name }) => name === packageName);
  if (corpus === undefined) throw new Error(`${packageName} is none of the corpora`);
  const compiled = compile(root, installCorpora(root), corpus);
  const files = splitFileSet(readFileSync(compiled.set));
  const names = compiled.files.filter((name) => only?.test(name) ?? true);
  const services = names.reduce((sum, name) => sum + (files.get(name)?.serviceCount ?? 0), 0);
  return { title: `${packageName}: ${names.length} files, ${services} services`, files, names };
}

/** The same number of a tree's files from everywhere in it. */
export function slice(whole: Tree, every: number, label: string): Input {
  const names = whole.names.filter((_, index) => index % every === 0);
  return {
    title: `${label}: ${names.length} files`,
    request: (options) => encodeRequest(whole.files, names, options),
  };
}
