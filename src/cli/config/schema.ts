import { type ConfigKey, configKeys } from "./config-keys.js";

const text = { type: "string", minLength: 1 };
const texts = { type: "array", items: text };
const optionValue = { anyOf: [{ type: ["string", "boolean", "number"] }, texts] };

/** A JSON Schema (2020-12) of the config file, made from the flags: `schemas/config.json`. */
export function configSchema(): unknown {
  const output = Object.fromEntries(
    [...configKeys].map(([name, key]) => [name, { description: `${key.description}.`, ...typeOf(key) }]),
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Config of gen-stubs",
    description: "What to generate from where to where. Paths are relative to the config file; flags count more.",
    type: "object",
    properties: {
      $schema: { type: "string" },
      ...output,
      outputs: {
        description: "Several outputs. What one says counts more than what is said beside outputs.",
        type: "array",
        minItems: 1,
        items: { type: "object", properties: output, additionalProperties: false },
      },
    },
    additionalProperties: false,
  };
}

function typeOf({ kind, values, fallback }: ConfigKey): Readonly<Record<string, unknown>> {
  const common = fallback === undefined ? {} : { default: fallback };
  if (kind === "boolean") return { type: "boolean", ...common };
  if (kind === "list") return { anyOf: [text, texts] };
  if (kind === "options") return { anyOf: [{ type: "object", additionalProperties: optionValue }, texts] };
  return values === undefined ? { ...text, ...common } : { enum: values, ...common };
}
