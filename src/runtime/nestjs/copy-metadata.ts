/** What `reflect-metadata`, which every application of Nest loads, adds to Reflect. */
interface ReflectMetadata {
  getMetadataKeys(target: object): unknown[];
  getMetadata(key: unknown, target: object): unknown;
  defineMetadata(key: unknown, value: unknown, target: object): void;
}

/** Gives `to` what decorators noted of `from`: its guards, pipes, interceptors and filters. Returns `to`. */
export function copyMetadata<To extends object>(from: object, to: To): To {
  const reflect = Reflect as unknown as ReflectMetadata; // see above
  for (const key of reflect.getMetadataKeys(from)) reflect.defineMetadata(key, reflect.getMetadata(key, from), to);
  return to;
}
