/** An object of the JSON whose fields are read one by one. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** How a service config is read. */
export interface ReadOptions {
  /** Ignore unknown fields, as gRPC asks for configs from a resolver. Default false: they are an error. */
  readonly ignoreUnknown?: boolean | undefined;
}

/** The error of a value: where it is, what it is, what was expected there. */
export function badValue(path: string, value: unknown, expected: string): TypeError {
  return new TypeError(
    value === undefined ? `${path} is missing: ${expected}` : `${path} is ${shown(value)}: ${expected}`,
  );
}

/** The value as an object with no other fields than these. */
export function objectAt(
  value: unknown,
  path: string,
  known: readonly string[] | undefined,
  options: ReadOptions,
): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badValue(path, value, "it must be an object");
  }
  const object = value as JsonObject; // just seen
  if (known === undefined || options.ignoreUnknown === true) return object;
  for (const [name, field] of Object.entries(object)) {
    if (field === undefined || known.includes(name)) continue;
    const meant = known.find((one) => plain(one) === plain(name));
    const hint = meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
    throw new TypeError(`${path}.${name} is no field of a service config: ${hint}`);
  }
  return object;
}

/** A field; null counts as absent (ProtoJSON). */
export function fieldOf(object: JsonObject, name: string): unknown {
  return (Object.hasOwn(object, name) ? object[name] : undefined) ?? undefined;
}

export function arrayAt(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badValue(path, value, "it must be an array");
  return value;
}

export function stringAt(value: unknown, path: string): string {
  if (typeof value !== "string") throw badValue(path, value, "it must be a text");
  return value;
}

export function booleanAt(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") throw badValue(path, value, "it must be true or false");
  return value;
}

/** How a name is compared for a hint: `MethodConfig` and `method_config` are meant as `methodConfig`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** A value for an error text: short, and in one line. */
function shown(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
