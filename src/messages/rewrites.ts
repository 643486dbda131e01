import type { PluginOption } from "../descriptors/plugin-option.js";

/** `rewrite_imports=<pattern>:<target>`, read. */
export interface Rewrites {
  /** The options that are no rewrites. */
  readonly others: readonly PluginOption[];
  /** Where the first matching rewrite moves a module, as protoc-gen-es has it; undefined where none matches. */
  find(module: string): string | undefined;
}

export function splitByRewrites(options: readonly PluginOption[]): Rewrites {
  const rewrites = options
    .filter(({ key }) => key === "rewrite_imports")
    .map(({ value }) => {
      const colon = value.indexOf(":");
      return { pattern: rewritePattern(value.slice(0, colon)), target: value.slice(colon + 1).replace(/\/$/, "") };
    });
  return {
    others: options.filter(({ key }) => key !== "rewrite_imports"),
    find(module) {
      const match = rewrites.find(({ pattern }) => pattern.test(module));
      return match === undefined ? undefined : match.target + module.replace(/^\.{1,2}\//, "/");
    },
  };
}

/** `*` stands for anything but a slash, `**` with a slash for any folders. */
export function rewritePattern(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*)/).map((part) => {
    if (part === "**/") return "(?:[^/]+/)*";
    return part === "*" ? "[^/]*" : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
