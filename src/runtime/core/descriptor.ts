/** What this package reads of protobuf-es's `DescMethod`; that type is assignable to it. */
export interface MethodDescriptor {
  readonly kind: "rpc";
  readonly name: string;
  readonly localName: string;
  /** `idempotency_level` of the .proto: 0 unknown, 1 NO_SIDE_EFFECTS, 2 IDEMPOTENT. */
  readonly idempotency: number;
}

/**
 * What this package reads of protobuf-es's `DescService`; that type is assignable to it. Told by shape, so that users of
 * ts-proto need not install protobuf-es.
 */
export interface ServiceDescriptor {
  readonly kind: "service";
  readonly typeName: string;
  readonly methods: readonly MethodDescriptor[];
}
