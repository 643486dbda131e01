/**
 * What the generator reads of `google/protobuf/descriptor.proto`, and nothing more. Field names are protobuf-es', so that
 * its messages fit as they are; the plugin itself decodes into lazy objects of these shapes, which is what keeps a file
 * without services free.
 */
export interface FileDescriptor {
  readonly name: string;
  readonly package: string;
  readonly dependency: readonly string[];
  /** Indexes into `dependency`. */
  readonly publicDependency: readonly number[];
  readonly messageType: readonly MessageDescriptor[];
  readonly enumType: readonly Named[];
  readonly service: readonly ServiceDescriptor[];
  readonly extension: readonly Named[];
  readonly options?: Deprecatable | undefined;
  readonly sourceCodeInfo?: { readonly location: readonly SourceLocation[] } | undefined;
  /** The whole FileDescriptorProto, where it came as bytes. */
  readonly encoded?: Uint8Array;
  /** "", "proto2", "proto3" or "editions". */
  readonly syntax: string;
  /** A number of `google.protobuf.Edition`; meaningful where syntax is "editions". */
  readonly edition: number;
}

export interface Named {
  readonly name: string;
}

export interface Deprecatable {
  readonly deprecated: boolean;
}

export interface MessageDescriptor extends Named {
  readonly nestedType: readonly MessageDescriptor[];
  readonly enumType: readonly Named[];
  readonly extension: readonly Named[];
  readonly options?: { readonly mapEntry: boolean } | undefined;
}

export interface ServiceDescriptor extends Named {
  readonly method: readonly MethodDescriptor[];
  readonly options?: Deprecatable | undefined;
}

export interface MethodDescriptor extends Named {
  /** Fully qualified, with a leading dot. */
  readonly inputType: string;
  readonly outputType: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
  readonly options?: (Deprecatable & { readonly idempotencyLevel: number }) | undefined;
}

/** `SourceCodeInfo.Location`: where an element stands, and the comments about it. */
export interface SourceLocation {
  readonly path: readonly number[];
  /** Start line, start column, [end line,] end column; zero-based. */
  readonly span: readonly number[];
  readonly leadingComments: string;
  readonly trailingComments: string;
  readonly leadingDetachedComments: readonly string[];
}
