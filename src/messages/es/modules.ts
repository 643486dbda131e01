import type { PluginOption } from "../../descriptors/plugin-option.js";
import { mapImport } from "../../emit/module-path.js";
import type { MappedModules } from "../message-generator.js";
import { rewritePattern } from "../rewrites.js";

/**
 * Where messages live that are not generated: `rewrite_imports=<pattern>:<target>` is protoc-gen-es' own option;
 * `M<file>=<module>` becomes one where the module ends as protoc-gen-es names the file, because a rewrite can only change
 * what stands in front of that.
 */
export function mapEsModules(options: readonly PluginOption[]): MappedModules {
  const rewrites = options.filter(({ key }) => key === "rewrite_imports").map(({ value }) => value);
  const maps = options
    .filter(({ key }) => key === "map_imports")
    .map(({ value }) => ({ pattern: value.slice(0, value.indexOf(":")), target: value.slice(value.indexOf(":") + 1) }));
  const fromModules = options.flatMap(({ key, value }) => {
    const file = /^M(.+)\.proto$/.exec(key)?.[1];
    if (file === undefined) return [];
    const tail = `/${file}_pb`;
    const module = value.replace(/\.[jt]s$/, "");
    return module.endsWith(tail) ? [`./${file}_pb.js:${module.slice(0, -tail.length)}`] : [];
  });
  const patterns = [...rewrites, ...fromModules].map((value) => rewritePattern(value.slice(0, value.indexOf(":"))));
  return {
    options: fromModules.map((value) => ({ key: "rewrite_imports", value })),
    elsewhere: (file) =>
      mapImport(file, maps) !== undefined ||
      patterns.some((pattern) => pattern.test(`./${file.replace(/\.proto$/, "")}_pb.js`)),
  };
}
