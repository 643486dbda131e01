const wkt = "@bufbuild/protobuf/wkt";

/**
 * The files whose messages come with @bufbuild/protobuf: in its `/wkt` export, or in a module of their own below it. They are
 * `wktPublicImportPaths` of its codegenv2, which are not loaded here because the plugin's start would feel it; a test compares.
 */
export const wellKnown: ReadonlyMap<string, string> = new Map([
  ...files("compiler/plugin any descriptor duration empty field_mask struct timestamp wrappers", () => wkt),
  ...files(
    "api c_sharp_features cpp_features cpp_file_options cpp_options go_features java_features json_enumvalue_options " +
      "json_options source_context type",
    (name) => `${wkt}/google/protobuf/${name}_pb.js`,
  ),
]);

function files(names: string, moduleOf: (name: string) => string): [string, string][] {
  return names.split(" ").map((name) => [`google/protobuf/${name}.proto`, moduleOf(name)]);
}
