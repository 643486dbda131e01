import type { PluginOption } from "../../descriptors/plugin-option.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";

const addsUp: ReadonlySet<string> = new Set(["rewrite_imports", "map_imports"]);

/**
 * Reads `--opt k=v` (repeatable, or several with commas between them, as protoc takes them). A key alone is allowed: what
 * it means is the plugin's to say. Only options that add up may be given with several values.
 *
 * @throws GenStubsError GS1002.
 */
export function parsePluginOptions(flag: string, values: readonly string[]): readonly PluginOption[] {
  const options: PluginOption[] = [];
  for (const part of values.flatMap((value) => value.split(","))) {
    const equals = part.indexOf("=");
    const key = (equals < 0 ? part : part.slice(0, equals)).trim();
    const value = equals < 0 ? "" : part.slice(equals + 1).trim();
    if (key === "") throw new GenStubsError({ code: "GS1002", message: `--${flag} takes key=value, not "${part}"` });
    const before = options.find((option) => option.key === key);
    if (before !== undefined && before.value !== value && !addsUp.has(key)) {
      const both = `"${before.value}" and "${value}"`;
      throw new GenStubsError({ code: "GS1002", message: `--${flag} ${key} is given twice: ${both}` });
    }
    options.push({ key, value });
  }
  return options;
}
