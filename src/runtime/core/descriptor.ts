/** What this package reads of protobuf-es's `DescMethod`; that type is assignable to it. */
export interface MethodDescriptor {
  /** As descriptors of protobuf-es have it. */
  readonly kind: "rpc";
  /** The name in the .proto file, `GetForecast`. */
  readonly name: string;
  /** The name in TypeScript, `getForecast`. */
  readonly localName: string;
  /** `idempotency_level` of the .proto: 0 unknown, 1 NO_SIDE_EFFECTS, 2 IDEMPOTENT. */
  readonly idempotency: number;
}

/**
 * What this package reads of protobuf-es's `DescService`; that type is assignable to it. Told by shape, so that users of
 * ts-proto need not install protobuf-es.
 */
export interface ServiceDescriptor {
  /** As descriptors of protobuf-es have it. */
  readonly kind: "service";
  /** The full name, `weather.v1.Weather`. */
  readonly typeName: string;
  /** The methods, in the order of the .proto file. */
  readonly methods: readonly MethodDescriptor[];
}
