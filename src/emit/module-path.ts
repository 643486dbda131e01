/** How import paths end: `./guide_pb`, `./guide_pb.js`, `./guide_pb.ts`. */
export type ImportExtension = "none" | "js" | "ts";

/** Maps modules of messages, as protoc-gen-es' option of the same name does. */
export interface RewriteImport {
  /** `*` stands for anything but a slash, `**` + slash for any folders. */
  readonly pattern: string;
  readonly target: string;
}

const pathStart = /^\.{1,2}\//;

/**
 * The import specifier of a path from the output folder's root (or of a package) in the file at `importer`. `as-is`: the
 * user has written the path, and knows how it ends.
 */
export function specifier(module: string, importer: string, extension: ImportExtension | "as-is"): string {
  if (!pathStart.test(module)) return module;
  const path = relative(importer, module);
  return extension === "as-is" ? path : withExtension(path, extension);
}

/**
 * The module of a .proto file's messages where a map says so: `<target>/<file>`, without its ending. `map_imports` of protoc-gen-es:
 * patterns match the file's path, `**` anything at all, a slash at the end all that is below.
 */
export function mapImport(file: string, maps: readonly RewriteImport[]): string | undefined {
  const match = maps.find(({ pattern }) => mapPattern(pattern).test(file));
  return match === undefined ? undefined : `${match.target.replace(/\/$/, "")}/${file.replace(/\.proto$/, "")}`;
}

/** Applies the first rewrite whose pattern matches. */
export function rewrite(module: string, rewrites: readonly RewriteImport[]): string {
  const match = rewrites.find(({ pattern }) => toRegExp(pattern).test(module));
  if (match === undefined) return module;
  return pathStart.test(module) ? match.target.replace(/\/$/, "") + module.replace(pathStart, "/") : match.target;
}

function relative(importer: string, module: string): string {
  const from = importer.split("/").slice(0, -1);
  const to = module.split("/").filter((part) => part !== ".");
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common] && to[common] !== "..") common++;
  const path = [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
  return path.startsWith("../") ? path : `./${path}`;
}

function withExtension(path: string, extension: ImportExtension): string {
  if (!path.endsWith(".js")) return path;
  return extension === "none" ? path.slice(0, -".js".length) : `${path.slice(0, -"js".length)}${extension}`;
}

function mapPattern(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\/$)/).map((part) => {
    if (part === "**/") return "(?:[^/]+/)*";
    if (part === "**") return ".*";
    if (part === "/") return "/.*";
    return part === "*" ? "[^/]*" : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}

function toRegExp(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*)/).map((part) => {
    if (part === "**/") return "(?:[^/]+/)*";
    return part === "*" ? "[^/]*" : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
