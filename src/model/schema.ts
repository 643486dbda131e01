import type { FileDescriptor } from "./descriptors.js";
import type { SourceFile } from "./file-model.js";
import { GenerateError } from "./generate-error.js";
import { sourceFile } from "./source-file.js";

/** All files of a request, and the look-up of what one file can see of the others. */
export class Schema {
  readonly #files = new Map<string, FileDescriptor>();
  readonly #sources = new Map<string, SourceFile>();
  readonly #messages = new Map<string, ReadonlySet<string>>();
  readonly #reexported = new Map<string, readonly string[]>();

  constructor(files: readonly FileDescriptor[]) {
    for (const file of files) this.#files.set(file.name, file);
  }

  file(path: string): FileDescriptor {
    const file = this.#files.get(path);
    if (file !== undefined) return file;
    throw new GenerateError(
      "missing-file",
      `the request asks for ${JSON.stringify(path)}, but does not contain it; run protoc with --include_imports, or give the whole descriptor set`,
    );
  }

  /** The types a file declares. */
  source(path: string): SourceFile {
    let source = this.#sources.get(path);
    if (source === undefined) {
      source = sourceFile(this.file(path));
      this.#sources.set(path, source);
    }
    return source;
  }

  /**
   * The file that declares a message, among those that `from` can see: itself, its imports, and what these import
   * publicly, however many times over.
   */
  declaringFile(typeName: string, from: FileDescriptor): string | undefined {
    const seen = new Set<string>();
    for (const direct of [from.name, ...from.dependency]) {
      for (const path of this.#withReexported(direct, from.name)) {
        if (seen.has(path)) continue;
        seen.add(path);
        if (this.#declares(path, typeName)) return path;
      }
    }
    return undefined;
  }

  #declares(path: string, typeName: string): boolean {
    const file = this.#files.get(path);
    if (file === undefined || !typeName.startsWith(file.package)) return false;
    let messages = this.#messages.get(path);
    if (messages === undefined) {
      const types = this.source(path).types.filter(({ kind }) => kind === "message");
      messages = new Set(types.map((type) => type.typeName));
      this.#messages.set(path, messages);
    }
    return messages.has(typeName);
  }

  /** A file, and what it imports publicly. */
  #withReexported(path: string, self: string): readonly string[] {
    if (path === self) return [path];
    let paths = this.#reexported.get(path);
    if (paths === undefined) {
      const all = new Set([path]);
      for (const next of all) {
        const file = this.#files.get(next);
        for (const index of file?.publicDependency ?? []) {
          const dependency = file?.dependency[index];
          if (dependency !== undefined) all.add(dependency);
        }
      }
      paths = [...all];
      this.#reexported.set(path, paths);
    }
    return paths;
  }
}
