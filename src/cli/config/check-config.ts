import { didYouMean } from "../../errors/did-you-mean.js";
import { type Fault, GenStubsError, throwFaults } from "../../errors/gen-stubs-error.js";
import { type ConfigKey, configKeys } from "./config-keys.js";

/** An output of a config file, its keys and the types of their values checked. */
export type Entry = Readonly<Record<string, unknown>>;

/**
 * The outputs of a config, each with what is said for all of them.
 *
 * @param value what the config file exports
 * @param file the config file, as displayed
 * @throws GenStubsError GS1006.
 */
export function checkConfig(value: unknown, file: string): readonly Entry[] {
  if (!isRecord(value)) throw new GenStubsError(wrong(file, `the config is ${typeName(value)}, not an object`));
  const { outputs, $schema: _, ...shared } = value;
  if (outputs !== undefined && !Array.isArray(outputs)) {
    throw new GenStubsError(wrong(file, `outputs: ${typeName(outputs)}, not a list`));
  }
  const faults = entryFaults(shared, file, "", ["outputs"]);
  const entries: unknown[] = outputs ?? [{}];
  if (entries.length === 0) faults.push(wrong(file, "outputs: the list is empty"));
  const checked = entries.map((entry, index): Entry => {
    const place = `outputs[${index}]`;
    if (!isRecord(entry)) {
      faults.push(wrong(file, `${place}: ${typeName(entry)}, not an object`));
      return {};
    }
    faults.push(...entryFaults(entry, file, `${place}.`, []));
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

function entryFaults(entry: Entry, file: string, place: string, others: readonly string[]): Fault[] {
  return Object.entries(entry).flatMap(([name, value]) => {
    const key = configKeys.get(name);
    if (key === undefined) {
      const near = didYouMean(name, [...configKeys.keys(), ...others]);
      return [wrong(file, `${place}${name}: there is no such option${near}`)];
    }
    const expected = mismatch(key, value);
    return expected === undefined ? [] : [wrong(file, `${place}${name}: ${typeName(value)}, not ${expected}`)];
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

function wrong(file: string, message: string): Fault {
  return { code: "GS1006", message, file };
}
