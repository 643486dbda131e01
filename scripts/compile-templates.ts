/**
 * Turns `templates/*.ts` into functions that only join strings: `src/emit/compiled/{ts,js,dts}.ts`. What is wrong with a
 * template (a placeholder that nothing is bound to, a missing kind of rpc) ends the build with its place.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileStatement, templateStatements } from "./templates/compile-statement.js";
import { freeNames } from "./templates/names.js";
import { printModule, printReserved } from "./templates/print.js";
import { render, type Target } from "./templates/render.js";

const root = process.cwd();
// Those of message libraries are found by their names.
const inits = readdirSync("templates").filter((name) => /^init-.*\.ts$/.test(name));
const templates = [
  "service",
  "described-service",
  "empty-service",
  ...inits.map((name) => name.replace(/\.ts$/, "")).sort(),
  "k6",
];
const targets: readonly Target[] = ["ts", "js", "dts"];

const out = join(root, "src/emit/compiled");
mkdirSync(out, { recursive: true });

/** The k6 stubs are files of their own: their names do not take any from the others. */
const reserved = { stubs: new Set<string>(), k6: new Set<string>() };
for (const target of targets) {
  const modules = templates.map((name) => {
    const path = `templates/${name}.ts`;
    const text = readFileSync(join(root, path), "utf8");
    const written = render(path, text, "ts");
    const statements = templateStatements(render(path, text, target), written);
    const scope = name === "k6" ? reserved.k6 : reserved.stubs;
    for (const used of statements.flatMap(freeNames)) scope.add(used);
    return { name, statements: statements.map((statement) => compileStatement(statement, written)) };
  });
  writeFileSync(join(out, `${target}.ts`), printModule(modules));
}
writeFileSync(
  join(out, "reserved.ts"),
  printReserved({ templateNames: [...reserved.stubs].sort(), k6TemplateNames: [...reserved.k6].sort() }),
);
