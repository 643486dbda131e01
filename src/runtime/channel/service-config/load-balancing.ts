import { arrayAt, badValue, fieldOf, type JsonObject, objectAt, type ReadOptions, stringAt } from "./json-reader.js";
import type { LoadBalancingChoice } from "./parsed.js";

/**
 * The load-balancing part of the config. Which of the policies are known, and what their own configs may be, is not decided here.
 */
export function loadBalancingOf(
  config: JsonObject,
  path: string,
  options: ReadOptions,
): readonly LoadBalancingChoice[] | undefined {
  const listed = fieldOf(config, "loadBalancingConfig");
  const named = fieldOf(config, "loadBalancingPolicy");
  // Read, and so found right, where the list outranks it too.
  const older = named === undefined ? undefined : stringAt(named, `${path}.loadBalancingPolicy`).toLowerCase();
  if (listed !== undefined) return choicesAt(listed, `${path}.loadBalancingConfig`, options);
  return older === undefined || older === "" ? undefined : [{ policy: older, config: {} }];
}

function choicesAt(value: unknown, path: string, options: ReadOptions): readonly LoadBalancingChoice[] {
  const choices = arrayAt(value, path).map((one, index) => {
    const at = `${path}[${index}]`;
    const entries = Object.entries(objectAt(one, at, undefined, options));
    const [policy, config] = entries[0] ?? [];
    if (policy === undefined || entries.length > 1) {
      throw badValue(at, one, 'it must be an object with one field, the policy\'s name: { "round_robin": {} }');
    }
    return { policy, config: objectAt(config, `${at}.${policy}`, undefined, options) };
  });
  if (choices.length === 0) throw badValue(path, value, "it must name at least one policy");
  return choices;
}
