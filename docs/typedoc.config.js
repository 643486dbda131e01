import { existsSync, readFileSync } from "node:fs";

/** Entry points that generated code alone imports. */
const forGeneratedCode = /^\.\/(codec-|codegen-)/;

const runtime = new URL("../src/runtime/", import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL("package.json", runtime), "utf8"));
const entries = Object.keys(exports)
  .filter((path) => path !== "./package.json" && !forGeneratedCode.test(path))
  .map((path) => (path === "." ? "index" : path.slice(2)))
  .filter((name) => existsSync(new URL(`${name}.ts`, runtime)));

/** @type {Partial<import("typedoc").TypeDocOptions & import("typedoc-plugin-markdown").PluginOptions>} */
export default {
  entryPoints: entries.map((name) => `../src/runtime/${name}.ts`),
  tsconfig: "tsconfig.json",
  plugin: ["typedoc-plugin-markdown"],
  out: "reference/api",
  name: "API",
  readme: "none",
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  entryFileName: "overview.md",
  router: "module",
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  enumMembersFormat: "table",
  useCodeBlocks: true,
  validation: { notExported: false, invalidLink: true },
  sanitizeComments: true,
  blockTags: [
    "@generated",
    "@param",
    "@returns",
    "@throws",
    "@internal",
    "@deprecated",
    "@example",
    "@see",
    "@remarks",
    "@typeParam",
  ],
  modifierTags: ["@internal", "@experimental"],
  logLevel: "Warn",
};
