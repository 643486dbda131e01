import { dirname, sep } from "node:path";
import type { InputFile } from "./inputs.js";
import { isInside } from "./paths.js";
import type { ProtoHead } from "./proto-scan.js";

/**
 * The root of a file that no import says anything about. The folders of its package are taken off its path, where the path
 * ends with them and the root is the folder given or lies above: so the names stay when the first import is written that
 * needs that root. Else it is the folder given.
 *
 * @param boundary folder that no root lies above: what a checkout is called must not become part of a name
 */
export function defaultRoot(
  { path, folder }: Pick<InputFile, "path" | "folder">,
  head: Pick<ProtoHead, "package">,
  boundary: string | undefined,
): string {
  const own = dirname(path);
  const root = packageRoot(own, head.package);
  const within = root !== undefined && (boundary === undefined || root === boundary || isInside(boundary, root));
  if (folder === undefined) return within ? root : own;
  return within && (root === folder || isInside(root, folder)) ? root : folder;
}

/** What is left of a folder's path without the folders of the package; `undefined` where it does not end with them. */
function packageRoot(folder: string, packageName: string): string | undefined {
  if (packageName === "") return undefined;
  const tail = sep + packageName.split(".").join(sep);
  return folder.endsWith(tail) && folder.length > tail.length ? folder.slice(0, -tail.length) : undefined;
}
