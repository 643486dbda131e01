import { arrayAt, badValue, booleanAt, fieldOf, objectAt, type ReadOptions, stringAt } from "./json-reader.js";
import type { ParsedMethodConfig } from "./parsed.js";
import { hedgingPolicyAt, retryPolicyAt } from "./policies.js";
import { bytesAt, durationAt } from "./values.js";

const FIELDS = [
  "name",
  "timeout",
  "waitForReady",
  "maxRequestMessageBytes",
  "maxResponseMessageBytes",
  "retryPolicy",
  "hedgingPolicy",
];

/** Configs by what they are for: `/package.Service/Method`, `/package.Service/`, or "" for all methods. */
export type MethodConfigs = ReadonlyMap<string, ParsedMethodConfig>;

/** Reads `methodConfig`. */
export function methodConfigsAt(value: unknown, path: string, options: ReadOptions): MethodConfigs {
  const configs = new Map<string, ParsedMethodConfig>();
  const places = new Map<string, string>();
  for (const [index, one] of arrayAt(value, path).entries()) {
    const at = `${path}[${index}]`;
    const { name, ...config } = methodConfigAt(one, at, options);
    for (const [nameIndex, given] of arrayAt(name, `${at}.name`).entries()) {
      const place = `${at}.name[${nameIndex}]`;
      const key = keyOf(given, place, options);
      const earlier = places.get(key);
      if (earlier !== undefined) throw badValue(place, given, `${earlier} names the same already`);
      places.set(key, place);
      configs.set(key, { ...config, exact: !key.endsWith("/") && key !== "" });
    }
  }
  return configs;
}

function methodConfigAt(
  value: unknown,
  path: string,
  options: ReadOptions,
): Omit<ParsedMethodConfig, "exact"> & { readonly name: unknown } {
  const config = objectAt(value, path, FIELDS, options);
  const read = <Value>(name: string, reader: (value: unknown, path: string) => Value): Value | undefined => {
    const field = fieldOf(config, name);
    return field === undefined ? undefined : reader(field, `${path}.${name}`);
  };
  const name = fieldOf(config, "name");
  // Without a name it is for no method. gRPC passes over it; here it is likely a mistake.
  if (options.ignoreUnknown !== true && (!Array.isArray(name) || name.length === 0)) {
    throw badValue(`${path}.name`, name, "it must be an array that names at least one method, service, or {} for all");
  }
  const retryPolicy = read("retryPolicy", (policy, at) => retryPolicyAt(policy, at, options));
  const hedgingPolicy = read("hedgingPolicy", (policy, at) => hedgingPolicyAt(policy, at, options));
  if (retryPolicy !== undefined && hedgingPolicy !== undefined) {
    throw badValue(
      `${path}.hedgingPolicy`,
      fieldOf(config, "hedgingPolicy"),
      "there is a retryPolicy too; only one may be set",
    );
  }
  return {
    name: name ?? [],
    timeoutMs: read("timeout", (timeout, at) => durationAt(timeout, at, "zero")),
    waitForReady: read("waitForReady", booleanAt),
    maxRequestMessageBytes: read("maxRequestMessageBytes", bytesAt),
    maxResponseMessageBytes: read("maxResponseMessageBytes", bytesAt),
    retryPolicy,
    hedgingPolicy,
  };
}

function keyOf(value: unknown, path: string, options: ReadOptions): string {
  const name = objectAt(value, path, ["service", "method"], options);
  const service = textOf(fieldOf(name, "service"), `${path}.service`);
  const method = textOf(fieldOf(name, "method"), `${path}.method`);
  if (service === "" && method !== "") throw badValue(path, value, "a method needs its service");
  return service === "" ? "" : `/${service}/${method}`;
}

function textOf(value: unknown, path: string): string {
  const text = value === undefined ? "" : stringAt(value, path);
  if (text.includes("/"))
    throw badValue(path, value, 'it must be a name without "/", such as "package.Service" or "Method"');
  return text;
}
