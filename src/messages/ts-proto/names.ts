import type { SourceFile } from "../../model/file-model.js";
import type { TsProtoOptions } from "./options.js";

/** Types that ts-proto itself uses by these names. */
const suffixed = new Set(["Date", "Function"]);

/**
 * What ts-proto calls the messages of a file, by full type name: one name for the interface and the object beside it.
 * Nothing is told apart here: where two types of a file get the same name, ts-proto's file does not compile.
 */
export function tsProtoNames(source: SourceFile, options: TsProtoOptions): ReadonlyMap<string, string> {
  const offset = source.package === "" ? 0 : source.package.length + 1;
  const names = new Map<string, string>();
  for (const { kind, typeName } of source.types) {
    if (kind !== "message") continue;
    const parts = typeName.slice(offset).split(".");
    const joined = (options.camelNames ? parts.map(camel) : parts).join(options.nestingMark);
    const name = `${options.prefix}${joined}${options.suffix}`;
    names.set(typeName, suffixed.has(name) ? `${name}Message` : name);
  }
  return names;
}

/** `Get_foo` → `GetFoo`, `GET_FOO` → `getFoo`. */
function camel(name: string): string {
  if (!name.includes("_")) return name;
  const words = (/[a-z]/.test(name) ? name : name.toLowerCase()).split("_");
  return words.map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join("");
}
