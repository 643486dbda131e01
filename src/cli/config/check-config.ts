import { didYouMean } from "../../errors/did-you-mean.js";
import { type Fault, GenStubsError, throwFaults } from "../../errors/gen-stubs-error.js";
import { type ConfigKey, configKeys } from "./config-keys.js";

/** An output of a config file, its keys and the types of their values checked. */
export type Entry = Readonly<Record<string, unknown>>;

/** A way to a value: names in objects, indexes in lists. */
type Keys = readonly (string | number)[];

/** Says where the value under a key of a config stands, as far as that can be told. */
export type PlaceOf = (keys: Keys) => Pick<Fault, "line" | "column" | "source">;

interface ConfigFile {
  /** As displayed. */
  readonly file: string;
  readonly placeOf: PlaceOf;
}

/**
 * The outputs of a config, each with what is said for all of them.
 *
 * @param value what the config file exports
 * @throws GenStubsError GS1006.
 */
export function checkConfig(value: unknown, file: ConfigFile): readonly Entry[] {
  if (!isRecord(value)) throw new GenStubsError(wrong(file, [], `the config is ${typeName(value)}, not an object`));
  const { outputs, $schema: _, ...shared } = value;
  if (outputs !== undefined && !Array.isArray(outputs)) {
    throw new GenStubsError(wrong(file, ["outputs"], `outputs: ${typeName(outputs)}, not a list`));
  }
  const faults = entryFaults(shared, file, [], ["outputs"]);
  const entries: unknown[] = outputs ?? [{}];
  if (entries.length === 0) faults.push(wrong(file, ["outputs"], "outputs: the list is empty"));
  const checked = entries.map((entry, index): Entry => {
    const keys = ["outputs", index];
    if (!isRecord(entry)) {
      faults.push(wrong(file, keys, `${shown(keys)}: ${typeName(entry)}, not an object`));
      return {};
    }
    faults.push(...entryFaults(entry, file, keys, []));
    return { ...shared, ...entry, ...mergedOptions(shared, entry) };
  });
  throwFaults(faults);
  return checked;
}

/** Plugin options of an output go on top of the shared ones, key by key, where both are given by key. */
function mergedOptions(shared: Entry, own: Entry): Entry {
  const merged: Record<string, unknown> = {};
  for (const [name, { kind }] of configKeys) {
    const [below, above] = [shared[name], own[name]];
    if (kind === "options" && isRecord(below) && isRecord(above)) merged[name] = { ...below, ...above };
  }
  return merged;
}

function entryFaults(entry: Entry, file: ConfigFile, above: Keys, others: readonly string[]): Fault[] {
  return Object.entries(entry).flatMap(([name, value]) => {
    const keys = [...above, name];
    const key = configKeys.get(name);
    if (key === undefined) {
      const near = didYouMean(name, [...configKeys.keys(), ...others]);
      return [wrong(file, keys, `${shown(keys)}: there is no such option${near}`)];
    }
    const expected = mismatch(key, value);
    return expected === undefined ? [] : [wrong(file, keys, `${shown(keys)}: ${typeName(value)}, not ${expected}`)];
  });
}

/** What the value should be, where it is not. */
function mismatch({ kind }: ConfigKey, value: unknown): string | undefined {
  const isText = (item: unknown): boolean => typeof item === "string" && item !== "";
  const isList = Array.isArray(value) && value.every(isText);
  if (kind === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (kind === "string") return isText(value) ? undefined : "a text";
  if (kind === "list") return isText(value) || isList ? undefined : "a text or a list of texts";
  const isOption = (item: unknown): boolean =>
    ["string", "number", "boolean"].includes(typeof item) || (Array.isArray(item) && item.every(isText));
  return isList || (isRecord(value) && Object.values(value).every(isOption))
    ? undefined
    : 'options such as { target: "js" }';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "an empty text";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `${typeof value} ${JSON.stringify(value) ?? ""}`.trim();
}

/** `outputs[0].out` */
function shown(keys: Keys): string {
  return keys.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

function wrong({ file, placeOf }: ConfigFile, keys: Keys, message: string): Fault {
  return { code: "GS1006", message, file, ...placeOf(keys) };
}
