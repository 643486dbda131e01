import type { DescriptorFile, FileSet } from "./file-set.js";

/**
 * A digest for each file of a set, of the file and all it imports: what a generator makes of a file can depend on no more.
 *
 * @param combine digests some parts
 */
export function fileDigests(
  files: FileSet,
  combine: (...parts: readonly (string | Uint8Array)[]) => string,
): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  // Each file comes after those it imports, but a hand-made set may have another order.
  const digestOf = (file: DescriptorFile): string => {
    const known = digests.get(file.name);
    if (known !== undefined) return known;
    digests.set(file.name, "");
    const imported = file.dependencies.map((name) => {
      const other = files.get(name);
      return other === undefined ? name : digestOf(other);
    });
    const own = combine(file.name, file.bytes, ...imported);
    digests.set(file.name, own);
    return own;
  };
  for (const file of files.values()) digestOf(file);
  return digests;
}
