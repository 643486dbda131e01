import { flags } from "../usage/flags.js";

/**
 * The values of a config with those of the command line on top: flags win. A list on the command line replaces the
 * config's; plugin options are replaced key by key.
 */
export function mergeValues(
  config: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...config };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || (name === "_" && isEmpty(value))) continue;
    merged[name] = flags[name]?.keyValue === true ? mergeOptions(config[name], value) : value;
  }
  return merged;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function mergeOptions(config: unknown, given: unknown): readonly string[] {
  const above = texts(given).flatMap((text) => text.split(","));
  const keys = new Set(above.map(keyOf));
  return [...texts(config).filter((text) => !keys.has(keyOf(text))), ...above];
}

function texts(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function keyOf(text: string): string {
  return (text.split("=")[0] ?? "").trim();
}
