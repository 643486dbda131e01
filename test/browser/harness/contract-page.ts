import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { bundlePage } from "./page-server.js";

const contract = fileURLToPath(new URL("../../contract/", import.meta.url));
const pages = fileURLToPath(new URL("../pages/contract/", import.meta.url));

/** Files of the contract that are about Node, and why. */
export const NOT_IN_A_PAGE: Readonly<Record<string, string>> = {
  "current-call": "browsers have no AsyncLocalStorage",
  "foreign-copies": "loads a second copy by require",
  load: "asks grpc-js and in-process servers too",
  "p17-options": "asks each transport's own options, by name",
  "p18-context": "browsers have no AsyncLocalStorage",
  "p19-time": "fake timers are vitest's",
  tls: "TLS is the browser's business",
};

/** A test as the page lists it; it runs by its index. */
export interface KeptTest {
  readonly index: number;
  readonly title: string;
  /** It must fail: the title says why. */
  readonly fails: boolean;
}

/** The tests of `test/contract` as a script for a page; the names of the files that are in it. */
export async function bundleContract(): Promise<{ readonly script: string; readonly files: readonly string[] }> {
  const files = readdirSync(contract)
    .flatMap((file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? [])
    .filter((name) => NOT_IN_A_PAGE[name] === undefined)
    .sort();
  const lines = files.flatMap((name) => [
    `file(${JSON.stringify(name)});`,
    `await import(${JSON.stringify(join(contract, `${name}.test.ts`))});`,
  ]);
  const contents = `
    import { expose } from "../expose.js";
    import { file, kept, runKept } from "./vitest.js";
    ${lines.join("\n")}
    expose({
      // Those that \`contract()\` declares; others have a transport of their own, which is Node's.
      list: () => kept
        .map(({ title, fails, suite }, index) => ({ index, title: suite.name + " > " + title, fails }))
        .filter(({ title }) => title.includes("both ends in the page")),
      run: runKept,
    });`;
  const entry = { contents, resolveDir: pages, loader: "ts", sourcefile: "contract.ts" } as const;
  const script = await bundlePage(entry, { plugins: [inPage], inject: [join(pages, "globals.ts")], define: {} });
  return { script, files };
}

/** Puts the page's own in the place of vitest and of the list of transports; what is Node's is empty. */
const inPage: Plugin = {
  name: "in a page",
  setup(build) {
    build.onResolve({ filter: /^vitest$/ }, () => ({ path: join(pages, "vitest.ts") }));
    build.onResolve({ filter: /\/transports\.js$/ }, () => ({ path: join(pages, "transports.ts") }));
    build.onResolve({ filter: /^(?:node:.*|@grpc\/grpc-js|@peculiar\/x509|reflect-metadata|ws)$/ }, ({ path }) => ({
      path,
      namespace: "empty",
    }));
    build.onResolve({ filter: /\/support\/certificates\.js$/ }, ({ path }) => ({ path, namespace: "empty" }));
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: EMPTY, loader: "js" }));
  },
};

/** A module whose every export is there and does nothing, for what is loaded and not used in a page. */
const EMPTY = `
  const nothing = new Proxy(function () {}, {
    get(target, name) {
      if (name === "then") return undefined;
      if (name === Symbol.toPrimitive) return () => "nothing";
      return name === "prototype" ? target.prototype : nothing;
    },
    apply: () => nothing,
    construct: () => nothing,
  });
  module.exports = Object.create(nothing);`;
