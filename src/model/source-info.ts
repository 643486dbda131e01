import { commentLines } from "./comment-lines.js";
import type { FileDescriptor, SourceLocation } from "./descriptors.js";
import type { Place } from "./generate-error.js";

// Field numbers of FileDescriptorProto and ServiceDescriptorProto, of which location paths are made.
const SERVICE = 6;
const METHOD = 2;
const SYNTAX = 12;
const EDITION = 14;

/** The comments and positions of one file's services and methods. */
export class SourceInfo {
  readonly #file: FileDescriptor;
  readonly #byPath = new Map<string, SourceLocation>();

  constructor(file: FileDescriptor) {
    this.#file = file;
    for (const location of file.sourceCodeInfo?.location ?? []) {
      const [first] = location.path;
      const wanted =
        location.path.length === 1
          ? first === SYNTAX || first === EDITION
          : first === SERVICE && isElement(location.path);
      if (wanted) this.#byPath.set(location.path.join(), location);
    }
  }

  /** Where a service stands, or one of its methods. */
  place(service: number, method?: number): Place {
    const span = this.#find(service, method)?.span;
    return span === undefined || span.length < 3
      ? { file: this.#file.name }
      : { file: this.#file.name, line: span[0]! + 1, column: span[1]! + 1 };
  }

  /** What the comments before and behind a service, or one of its methods, say about it. */
  comments(service: number, method?: number): string[] {
    const location = this.#find(service, method);
    if (location === undefined) return [];
    const leading = commentLines(location.leadingComments);
    const trailing = commentLines(location.trailingComments);
    return leading.length > 0 && trailing.length > 0 ? [...leading, "", ...trailing] : [...leading, ...trailing];
  }

  /** The comments at the top of the file, above its syntax or edition. */
  preamble(): string[] {
    const location = this.#byPath.get(`${SYNTAX}`) ?? this.#byPath.get(`${EDITION}`);
    if (location === undefined) return [];
    const blocks = [...location.leadingDetachedComments, location.leadingComments].map(commentLines);
    return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  }

  #find(service: number, method?: number): SourceLocation | undefined {
    return this.#byPath.get(
      method === undefined ? `${SERVICE},${service}` : `${SERVICE},${service},${METHOD},${method}`,
    );
  }
}

function isElement(path: readonly number[]): boolean {
  return path.length === 2 || (path.length === 4 && path[2] === METHOD);
}
