/** An option of a protoc plugin: `key=value`, or a key alone (then `value` is `""`). */
export interface PluginOption {
  readonly key: string;
  readonly value: string;
}

/** The last value given for a key. */
export function optionValue(options: readonly PluginOption[], key: string): string | undefined {
  return options.findLast((option) => option.key === key)?.value;
}

/** As one writes it: `key=value`. */
export function optionText({ key, value }: PluginOption): string {
  return value === "" ? key : `${key}=${value}`;
}

/** The parameter of a `CodeGeneratorRequest`. */
export function parameterOf(options: readonly PluginOption[]): string {
  return options.map(optionText).join(",");
}
