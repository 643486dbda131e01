import type { Place } from "./generate-error.js";

/**
 * What is generated from one .proto file, as plain data: it survives JSON, and says nothing of any message library.
 */
export interface FileModel {
  /** The path as imported, `route/v1/guide.proto`. */
  readonly path: string;
  readonly package: string;
  /** `proto2`, `proto3`, `edition 2023`. */
  readonly syntax: string;
  /** The comments above the syntax line (a licence, as a rule), line by line. */
  readonly preamble: readonly string[];
  readonly services: readonly ServiceModel[];
  /** The file itself, as one that declares types. */
  readonly source: SourceFile;
  /** The files that declare the messages which the services use; this one first, then by path. */
  readonly sources: readonly SourceFile[];
}

export interface ServiceModel extends Documented {
  /** As in the .proto file. */
  readonly name: string;
  /** `package.Service`. */
  readonly typeName: string;
  readonly methods: readonly MethodModel[];
}

export interface MethodModel extends Documented {
  /** As in the .proto file. */
  readonly name: string;
  /** The name in TypeScript: lowerCamel, no two alike in a service, nothing that JavaScript calls by itself. */
  readonly localName: string;
  readonly kind: MethodKind;
  /** The HTTP/2 path, `/package.Service/Method`. */
  readonly path: string;
  /** Where it stands in the .proto file. */
  readonly place: Place;
  readonly request: MessageRef;
  readonly response: MessageRef;
  /** `idempotency_level`; undefined for IDEMPOTENCY_UNKNOWN. */
  readonly idempotency: Idempotency | undefined;
}

export type Idempotency = "no_side_effects" | "idempotent";

export type MethodKind = "unary" | "server_streaming" | "client_streaming" | "bidi_streaming";

export interface Documented {
  /** The comments before and behind the element, line by line. */
  readonly comments: readonly string[];
  readonly deprecated: boolean;
}

/** A message type and the file that really declares it, however it was imported. */
export interface MessageRef {
  /** Fully qualified, without a leading dot. */
  readonly typeName: string;
  /** The path of the declaring file. */
  readonly file: string;
}

/** A file that declares messages; message libraries derive their names from all its types. */
export interface SourceFile {
  readonly path: string;
  readonly package: string;
  /** The files it imports, by their paths. */
  readonly imports: readonly string[];
  /** Every type in the file, nested ones behind their parents: messages, then enums, services and extensions. */
  readonly types: readonly DeclaredType[];
}

export interface DeclaredType {
  readonly kind: "message" | "enum" | "service" | "extension";
  readonly typeName: string;
}
