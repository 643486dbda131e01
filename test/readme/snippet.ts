/** What a snippet may use without saying where it comes from; a copy of snippet-context.ts. */
const contextModule = "./snippet-context.js";

/** The names that the context exports. */
export function exportedNames(context: string): string[] {
  const declared = [...context.matchAll(/^export (?:const|function|async function|class) (\w+)/gm)].map(
    ([, name]) => name,
  );
  const listed = [...context.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => (names ?? "").split(","));
  return [...declared, ...listed].map((name) => (name ?? "").trim()).filter((name) => name !== "");
}

/**
 * Makes a program of a snippet: names that it uses and does not declare are imported from the context, and the context
 * is closed at the end, so that a program which does not end by itself is a fault of the snippet's or of the runtime's.
 */
export function snippetProgram(text: string, contextNames: readonly string[]): string {
  const declared = new Set(
    [...text.matchAll(/\b(?:const|let|using|function|class|type|interface)\s+(?:\{([^}]*)\}|(\w+))/g)]
      .concat([...text.matchAll(/\bimport\s+(?:type\s+)?\{([^}]*)\}/g)])
      .flatMap(([, names, name]) => (names ?? name ?? "").split(","))
      .map((name) => name.replace(/^\s*type\s+/, "").trim()),
  );
  const used = contextNames.filter((name) => !declared.has(name) && new RegExp(`\\b${name}\\b`).test(text));
  return [
    `import { ${["closeContext", ...used].join(", ")} } from "${contextModule}";`,
    text,
    "await closeContext();",
    "export {};",
  ].join("\n");
}

/** A snippet that is a whole program. What it imports from `setup.ts` is closed behind it, which a reader does by Ctrl+C. */
export function standaloneProgram(text: string): string {
  const closes = text.includes('from "./setup.js"') ? ['await (await import("./setup.js")).close();'] : [];
  return [text, ...closes, "export {};"].join("\n");
}

/** What the snippet says it prints: `console.log(…); // this`. */
export function promisedLines(text: string): string[] {
  return [...text.matchAll(/console\.log\(.*\);?\s*\/\/ (.+)$/gm)].map(([, line]) => (line ?? "").trim());
}
